import { toAppError } from '../core/base/errors';
import { isScenarioFile } from '../core/scenario/text';
import type { CliOptions } from './arguments';
import { readFileText } from './files';

interface Line {
  line: number;
  column: number;
  severity: string;
  message: string;
}

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;

/**
 * Checks files as the editor does: `file:line:column: severity: message`, and a line that sums up. 1 where one has an error,
 * 2 where one cannot be read or none is anything that can be checked.
 */
export async function check(
  files: readonly string[],
  options: CliOptions,
  say: (line: string) => void,
): Promise<number> {
  const language = await import('../adapters/language/index');
  let [checked, errors, unread] = [0, 0, 0];
  for (const file of files) {
    try {
      const text = readFileText(file);
      const asScenario = isScenarioFile(file) || SCENARIO.test(text);
      const lines = asScenario ? ofScenario(text, language) : ofObjects(text, options, language);
      if (lines === undefined) {
        say(`${file}: warning: Not checked: this is neither a Chaos Mesh object nor a scenario.`);
        continue;
      }
      checked += 1;
      for (const { line, column, severity, message } of lines) {
        say(`${file}:${line}:${column}: ${severity}: ${message}`);
        if (severity === 'error') errors += 1;
      }
    } catch (thrown) {
      say(`${file}: error: ${toAppError(thrown).message}`);
      unread += 1;
    }
  }
  const others = files.length - checked;
  const left = others === 0 ? '' : `, ${others} not checked`;
  say(`${count(checked, 'file')} checked${left}, ${errors === 0 ? 'no errors' : count(errors, 'error')}.`);
  return unread > 0 || checked === 0 ? 2 : errors > 0 ? 1 : 0;
}

/** A scenario under another name. */
const SCENARIO = /^["']?apiVersion["']?\s*:\s*["']?distdiag\.io\//m;

type Language = typeof import('../adapters/language/index');

const ofScenario = (text: string, { scenarioLanguage }: Language): Line[] =>
  scenarioLanguage.read(text).issues.map(({ line, column, message }) => ({
    line: line + 1,
    column: column + 1,
    severity: 'error',
    message: String(message),
  }));

/** Undefined where a text has no object of Chaos Mesh. */
function ofObjects(
  text: string,
  { namespace, label, container }: CliOptions,
  { createLanguage }: Language,
): Line[] | undefined {
  const target = { namespace, labelSelector: label, container, volumePath: '', duration: '3m' };
  const { objects, findings } = createLanguage().check(text, target);
  if (objects.length === 0 && findings.length === 0) return undefined;
  return findings.map(({ start, severity, message }) => {
    const before = text.slice(0, start).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, severity, message: String(message) };
  });
}
