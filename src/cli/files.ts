import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../core/base/errors';
import { makeFolders } from './folders';

const UNREADABLE: Readonly<Record<string, string>> = {
  EISDIR: 'This is a folder. Name its files.',
  EACCES: 'The file may not be read.',
  EPERM: 'The file may not be read.',
};

const UNWRITABLE: Readonly<Record<string, string>> = {
  EISDIR: 'This is a folder. Name a file in it.',
  EACCES: 'The file may not be written.',
  EPERM: 'The file may not be written.',
  EROFS: 'The disk is read-only.',
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
    throw new AppError('invalid', UNREADABLE[code] ?? message, { cause: thrown });
  }
}

/**
 * Writes a file that was named on the command line; folders that are missing are made. Throws AppError, without the file's
 * name.
 */
export function writeFileText(file: string, text: string): void {
  inWords(() => {
    makeFolders(path.dirname(path.resolve(file)));
    writeFileSync(file, text);
  });
}

/** Passes on what went wrong with a file to be written in plain words. */
export function inWords(write: () => void): void {
  try {
    write();
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const { code = '', message } = thrown as NodeJS.ErrnoException;
    throw new AppError('invalid', UNWRITABLE[code] ?? message, { cause: thrown });
  }
}
