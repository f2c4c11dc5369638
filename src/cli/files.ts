import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../core/base/errors';

const REASONS: Readonly<Record<string, string>> = {
  EISDIR: 'This is a folder. Name its files.',
  EACCES: 'The file may not be read.',
  EPERM: 'The file may not be read.',
};

/** The text of a file that was named on the command line. Throws AppError, without the file's name. */
export function readFileText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    const { code = '', message } = thrown as NodeJS.ErrnoException;
    // A shell passes on a pattern that matches nothing.
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new AppError('notFound', /[*?[]/.test(file) ? 'No file matches this pattern.' : 'The file does not exist.');
    throw new AppError('invalid', REASONS[code] ?? message, { cause: thrown });
  }
}

/** Writes a file that was named on the command line; folders that are missing are made. */
export function writeFileText(file: string, text: string): void {
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  writeFileSync(file, text);
}
