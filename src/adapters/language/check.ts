import { objectFindings } from '../../core/chaosRules/objectRules';
import type { RuleContext, RuleFinding } from '../../core/chaosRules/findings';
import type { ChaosObject } from '../../core/experiment';
import type { CheckedText, Finding, WrittenObject } from '../../core/language';
import { toAppError } from '../../core/errors';
import { isRecord, textOf } from '../../core/unknown';
import type { SyntaxProblem } from '../yaml/documents';
import { parseYaml, rangeOf, type ParsedDocument } from './parse';
import { schemaOf } from './schema';
import { filledIn } from './filled';
import { schemaProblems } from './schemaProblems';

/** Findings shown of one text: more help nobody. */
const MOST_FINDINGS = 300;

/** Checks every Chaos Mesh object of a text. Throws for no text. */
export function checkText(text: string, context: RuleContext): CheckedText {
  try {
    return checked(text, context);
  } catch (thrown) {
    // What is nested too deeply for one of the checks.
    const message = `This file cannot be read: ${toAppError(thrown).message}.`;
    return { objects: [], findings: [syntax({ start: 0, end: 1, message }, 0)] };
  }
}

function checked(text: string, context: RuleContext): CheckedText {
  const { documents, problems } = parseYaml(text);
  const findings: Finding[] = problems.map((problem) => syntax(problem, 0));
  const objects: WrittenObject[] = [];
  for (const parsed of documents) {
    if (findings.length >= MOST_FINDINGS) break;
    const { value, index } = parsed;
    // A document that cannot be read may be anything: it is ours where the text says so.
    const ours = value === undefined ? /chaos-mesh\.org\//.test(slice(text, parsed)) : isChaos(value);
    if (!ours) continue;
    for (const problem of parsed.problems) findings.push(syntax(problem, index));
    if (!isRecord(value)) continue;
    objects.push(written(parsed, value));
    for (const finding of findingsOf(parsed, value, context)) findings.push(finding);
  }
  return { objects, findings: findings.slice(0, MOST_FINDINGS) };
}

const slice = (text: string, { document }: ParsedDocument): string => text.slice(document.range[0], document.range[2]);

const isChaos = (value: unknown): boolean =>
  isRecord(value) && /^chaos-mesh\.org(\/|$)/.test(textOf(value['apiVersion']));

const syntax = ({ start, end, message }: SyntaxProblem, object: number): Finding => ({
  start,
  end,
  message,
  severity: 'error',
  code: 'syntax',
  source: 'syntax',
  object,
  fixes: [],
});

function findingsOf(
  { document, index }: ParsedDocument,
  value: Readonly<Record<string, unknown>>,
  context: RuleContext,
): Finding[] {
  const kind = textOf(value['kind']);
  const schema = schemaOf(kind, context.schemas);
  const filled = filledIn(schema, value);
  const rules = objectFindings(value, context, filled).slice(0, MOST_FINDINGS); // each has to be found in the text
  const said = new Set(rules.filter(({ severity }) => severity !== 'information').map(({ path }) => path.join('/')));
  const place = (finding: RuleFinding, source: Finding['source'], onKey: boolean): Finding => {
    const [start, end] = rangeOf(document, finding.path, onKey);
    const { severity, code, message, fixes } = finding;
    return { start, end, severity, code, message, fixes, source, object: index };
  };
  const wrong = schemaProblems(schema, value, filled, said)
    // A rule says the same in better words.
    .filter(({ finding }) => !said.has(finding.path.join('/')))
    .map(({ finding, onKey }) => place(finding, 'schema', onKey));
  return [...rules.map((finding) => place(finding, 'rule', false)), ...wrong].sort((a, b) => a.start - b.start);
}

function written({ document, index }: ParsedDocument, value: Readonly<Record<string, unknown>>): WrittenObject {
  const metadata = isRecord(value['metadata']) ? value['metadata'] : {};
  const kind = textOf(value['kind']);
  const name = textOf(metadata['name']);
  const complete = kind !== '' && isRecord(value['spec']) && (name !== '' || textOf(metadata['generateName']) !== '');
  const range = (document.contents as { range?: [number, number, number] } | null)?.range ?? document.range;
  return {
    index,
    start: range[0],
    end: range[1],
    kind,
    namespace: textOf(metadata['namespace']),
    name,
    manifest: complete ? (structuredClone(value) as unknown as ChaosObject) : undefined,
  };
}
