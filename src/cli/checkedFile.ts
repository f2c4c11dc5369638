import type { Finding } from '../core/chaosYaml/language';
import { toAppError } from '../core/base/errors';
import { isScenarioFile } from '../core/scenario/text';
import { STDOUT, type CliOptions } from './commandLine/arguments';
import { readFileText } from './files';

/** A stretch of a text; lines and columns from 1. */
interface Stretch {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** What mends a finding: the stretch is replaced by the text. */
interface WrittenFix extends Stretch {
  title: string;
  text: string;
}

/** Something about a file, without a place where it is about the whole file. */
export interface FileFinding extends Partial<Stretch> {
  file: string;
  severity: Finding['severity'];
  /** Tells kinds of findings apart; scenarios have none. */
  code?: string;
  message: string;
  /** The first one is what the editor prefers. */
  fixes?: WrittenFix[];
}

/** A file and what was found; `other` where it holds nothing that can be checked. */
export interface CheckedFile {
  state: 'checked' | 'other' | 'unreadable';
  findings: FileFinding[];
}

type Language = typeof import('../adapters/language/index');

/** A scenario under another name. */
const SCENARIO = /^["']?apiVersion["']?\s*:\s*["']?distdiag\.io\//m;

const NEITHER = 'Not checked: this is neither a Chaos Mesh object nor a scenario.';

/** Checks a file as the editor does. */
export function checkFile(file: string, options: CliOptions, language: Language): CheckedFile {
  try {
    const text = readFileText(file);
    const asScenario = isScenarioFile(file) || SCENARIO.test(text);
    const found = asScenario ? ofScenario(text, language) : ofObjects(text, options, language);
    if (found) return { state: 'checked', findings: found.map((one) => ({ file, ...one })) };
    return { state: 'other', findings: [{ file, severity: 'warning', code: 'notChecked', message: NEITHER }] };
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    const meant =
      code === 'notFound' && options.json === STDOUT && /\.json$/i.test(file)
        ? ` To write the findings to it, give --json=${file}.`
        : '';
    return {
      state: 'unreadable',
      findings: [{ file, severity: 'error', code: 'unreadable', message: `${message}${meant}` }],
    };
  }
}

type InText = Omit<FileFinding, 'file'>;

const ofScenario = (text: string, { scenarioLanguage }: Language): InText[] =>
  scenarioLanguage.read(text).issues.map(({ line, column, endLine, endColumn, message, meant }) => {
    const at = { line: line + 1, column: column + 1, endLine: endLine + 1, endColumn: endColumn + 1 };
    return {
      ...at,
      severity: 'error',
      message: String(message),
      ...(meant === undefined ? {} : { fixes: [{ title: `Change it to "${meant}"`, ...at, text: meant }] }),
    };
  });

/** Undefined where a text has no object of Chaos Mesh. */
function ofObjects(
  text: string,
  { namespace, label, container, json }: CliOptions,
  { createLanguage }: Language,
): InText[] | undefined {
  const language = createLanguage();
  const target = { namespace, labelSelector: label, container, volumePath: '', duration: '3m' };
  const { objects, findings } = language.check(text, target);
  if (objects.length === 0 && findings.length === 0) return undefined;
  const stretch = stretchesOf(text);
  return findings.map((finding) => {
    const { severity, code, message } = finding;
    // Nobody else reads them, and each takes a look at the whole text.
    const fixes =
      json === undefined
        ? []
        : finding.fixes.flatMap((fix): WrittenFix[] => {
            const change = language.change(text, finding.object, fix);
            return change ? [{ title: String(fix.title), ...stretch(change), text: change.text }] : [];
          });
    const found = { ...stretch(finding), severity, code, message: String(message) };
    return fixes.length > 0 ? { ...found, fixes } : found;
  });
}

/** Where offsets of a text are. */
function stretchesOf(text: string): (of: { start: number; end: number }) => Stretch {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const placeOf = (offset: number): [line: number, column: number] => {
    const i = starts.findLastIndex((start) => start <= offset);
    return [i + 1, offset - (starts[i] ?? 0) + 1];
  };
  return ({ start, end }) => {
    const [line, column] = placeOf(start);
    const [endLine, endColumn] = placeOf(end);
    return { line, column, endLine, endColumn };
  };
}
