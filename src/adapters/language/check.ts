import { msg } from '../../core/base/text';
import { objectFindings } from '../../core/chaosYaml/objectRules';
import type { Path, RuleContext, RuleFinding, Severity } from '../../core/chaosYaml/findings';
import type { ChaosObject } from '../../core/experiments/experiment';
import type { CheckedText, Finding, WrittenObject } from '../../core/chaosYaml/language';
import { toAppError } from '../../core/base/errors';
import { isRecord, textOf } from '../../core/base/unknown';
import { readDocuments, type ReadDocument, type SyntaxProblem } from '../yaml/documents';
import { locate, offsetsOf } from './locate';
import { isOfOtherVersion } from './otherVersion';
import { readingFindings, sourceOf } from './readings';
import { schemaOf } from './schema';
import { filledIn } from './filled';
import { schemaProblems } from './schemaProblems';

/** The most findings shown for one text. */
const MOST_FINDINGS = 300;

/** Checks every Chaos Mesh object of a text. Throws for no text. */
export function checkText(text: string, context: RuleContext): CheckedText {
  try {
    return checked(text, context);
  } catch (thrown) {
    // What is nested too deeply for one of the checks.
    const message = msg`This file cannot be read: ${toAppError(thrown).text}.`;
    return { objects: [], findings: [syntax({ start: 0, end: 1, message }, 0)] };
  }
}

function checked(text: string, context: RuleContext): CheckedText {
  const { documents, problems } = readDocuments(text);
  const findings: Finding[] = problems.map((problem) => syntax(problem, 0));
  const objects: WrittenObject[] = [];
  for (const parsed of documents) {
    if (findings.length >= MOST_FINDINGS) break;
    const { value, index } = parsed;
    const parts = value === undefined ? [] : partsOf(value).filter(([part]) => isChaos(part));
    // A document that cannot be read may be anything: it is ours where the text says so.
    const ours = value === undefined ? /chaos-mesh\.org\//.test(slice(text, parsed)) : parts.length > 0;
    if (!ours) continue;
    for (const problem of parsed.problems) findings.push(syntax(problem, index));
    for (const [part, base] of parts) {
      if (!isRecord(part) || findings.length >= MOST_FINDINGS) continue;
      objects.push(written(parsed, part, base));
      for (const finding of findingsOf(parsed, part, base, context)) findings.push(finding);
    }
  }
  return { objects, findings: findings.slice(0, MOST_FINDINGS) };
}

const slice = (text: string, { document }: ReadDocument): string => text.slice(document.range[0], document.range[2]);

/** The objects of a document and where they are: those of a list, as kubectl takes it apart, or the whole. */
function partsOf(value: unknown): [part: unknown, base: Path][] {
  if (!isRecord(value) || !Array.isArray(value['items']) || !/List$/.test(textOf(value['kind']))) return [[value, []]];
  return value['items'].map((part, i) => [part, ['items', i]]);
}

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
  read: ReadDocument,
  value: Readonly<Record<string, unknown>>,
  base: Path,
  context: RuleContext,
): Finding[] {
  const root = base.length === 0 ? read.document.contents : locate(read, base)?.value;
  const kind = textOf(value['kind']);
  const schema = schemaOf(kind, context.schemas);
  const ours = context.schemas ? schemaOf(kind, undefined) : schema;
  const filled = filledIn(schema, value);
  const rules = objectFindings(value, context, filled)
    .filter((finding) => !isOfOtherVersion(finding, value, kind, context.schemas))
    .slice(0, MOST_FINDINGS); // each has to be found in the text
  const saidAs = (...as: Severity[]): Set<string> =>
    new Set(rules.filter(({ severity }) => as.includes(severity)).map(({ path }) => path.join('/')));
  const [refused, said] = [saidAs('error'), saidAs('error', 'warning')];
  const place = (finding: RuleFinding, source: Finding['source'], onKey: boolean): Finding => {
    const [start, end] = offsetsOf(read, [...base, ...finding.path], onKey);
    const { severity, code, message } = finding;
    const fixes = finding.fixes.map(({ title, changes }) => ({
      title,
      changes: changes.map((change) => ({ ...change, path: [...base, ...change.path] })),
    }));
    return { start, end, severity, code, message, fixes, source, object: read.index };
  };
  const sourceAt = (path: Path): string | undefined => sourceOf(locate(read, [...base, ...path])?.value);
  // A rule says the same in better words; what it warns of may be refused for another reason.
  const wrong = schemaProblems(schema, ours, value, filled, refused, sourceAt).filter(
    ({ finding: { path, severity } }) => !(severity === 'error' ? refused : said).has(path.join('/')),
  );
  const told = new Set([...said, ...wrong.map(({ finding }) => finding.path.join('/'))]);
  const readings = readingFindings(read, root, kind, context.schemas)
    .filter(({ path }) => !told.has(path.join('/')))
    .map((finding) => place(finding, 'rule', finding.code !== 'reading'));
  return [
    ...rules.map((finding) => place(finding, 'rule', false)),
    ...wrong.map(({ finding, onKey }) => place(finding, 'schema', onKey)),
    ...readings,
  ].sort((a, b) => a.start - b.start);
}

function written(read: ReadDocument, value: Readonly<Record<string, unknown>>, base: Path): WrittenObject {
  const { document, index } = read;
  const metadata = isRecord(value['metadata']) ? value['metadata'] : {};
  const kind = textOf(value['kind']);
  const name = textOf(metadata['name']);
  const complete = kind !== '' && isRecord(value['spec']) && (name !== '' || textOf(metadata['generateName']) !== '');
  const node = base.length === 0 ? document.contents : locate(read, base)?.value;
  const range = node?.range ?? document.range;
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
