import { AppError } from '../core/base/errors';
import { STDOUT } from './commandLine/arguments';
import { writeFileText } from './files';
import { errorLine } from './words';

/** Puts a document where `--json` says, nowhere where it was not given. Throws AppError where it cannot be written. */
export function putJson(document: unknown, file: string | undefined, say: (line: string) => void): void {
  if (file === undefined) return;
  const text = jsonText(document);
  if (file === STDOUT) return say(text);
  try {
    writeFileText(file, `${text}\n`);
  } catch (thrown) {
    throw new AppError('invalid', `--json ${file} could not be written: ${errorLine(thrown)}`, { cause: thrown });
  }
}

/** What a terminal acts on and what turns the direction of writing, as far as JSON lets it through: texts may be anyone's. */
const UNSEEN = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** For people and programs: indented, arrays of numbers as lists. */
const jsonText = (document: unknown): string =>
  JSON.stringify(document, (_, value: unknown) => (value instanceof Float64Array ? [...value] : value), 2).replace(
    UNSEEN,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
