import { STDOUT, type CliOptions } from './commandLine/arguments';
import { checkFile, type FileFinding } from './checkedFile';
import { putJson } from './json';

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;

/** Of the document; what is added to it needs no new one. */
const VERSION = 1;

/**
 * Checks files as the editor does: `file:line:column: severity: message`, and a line that sums up; or all of it as JSON. 1
 * where one has an error, 2 where one cannot be read or none is anything that can be checked.
 */
export async function check(
  files: readonly string[],
  options: CliOptions,
  say: (line: string) => void,
): Promise<number> {
  const language = await import('../adapters/language/index');
  const tell = options.json === STDOUT ? () => undefined : say;
  const findings: FileFinding[] = [];
  let [checked, unreadable, errors] = [0, 0, 0];
  for (const file of files) {
    const { state, findings: found } = checkFile(file, options, language);
    if (state === 'checked') checked += 1;
    else if (state === 'unreadable') unreadable += 1;
    errors += found.filter(({ severity }) => severity === 'error').length;
    for (const { line, column, severity, message } of found)
      tell(`${line === undefined ? file : `${file}:${line}:${column}`}: ${severity}: ${message}`);
    findings.push(...found);
  }
  const notChecked = files.length - checked;
  const left = notChecked === 0 ? '' : `, ${notChecked} not checked`;
  tell(`${count(checked, 'file')} checked${left}, ${errors === 0 ? 'no errors' : count(errors, 'error')}.`);
  putJson({ version: VERSION, checked, notChecked, findings }, options.json, say);
  return unreadable > 0 || checked === 0 ? 2 : errors > 0 ? 1 : 0;
}
