import { readFileSync } from 'node:fs';
import { toAppError } from '../core/base/errors';
import { isScenarioFile } from '../core/scenario/text';
import type { CliOptions } from './arguments';

interface Line {
  line: number;
  column: number;
  severity: string;
  message: string;
}

/** Checks files as the editor does: `file:line:column: severity: message`; 1 where one has an error, 2 where one cannot be read. */
export async function check(
  files: readonly string[],
  options: CliOptions,
  say: (line: string) => void,
): Promise<number> {
  const language = await import('../adapters/language/index');
  let code = 0;
  for (const file of files) {
    try {
      const text = readFileSync(file, 'utf8');
      const lines = isScenarioFile(file) ? ofScenario(text, language) : ofObjects(text, options, language);
      for (const { line, column, severity, message } of lines) {
        say(`${file}:${line}:${column}: ${severity}: ${message}`);
        if (severity === 'error') code = Math.max(code, 1);
      }
    } catch (thrown) {
      say(`${file}: error: ${toAppError(thrown).message}`);
      code = 2;
    }
  }
  return code;
}

type Language = typeof import('../adapters/language/index');

const ofScenario = (text: string, { scenarioLanguage }: Language): Line[] =>
  scenarioLanguage.read(text).issues.map(({ line, column, message }) => ({
    line: line + 1,
    column: column + 1,
    severity: 'error',
    message: String(message),
  }));

function ofObjects(text: string, { namespace, label, container }: CliOptions, { createLanguage }: Language): Line[] {
  const target = { namespace, labelSelector: label, container, volumePath: '', duration: '3m' };
  return createLanguage()
    .check(text, target)
    .findings.map(({ start, severity, message }) => {
      const before = text.slice(0, start).split('\n');
      return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, severity, message: String(message) };
    });
}
