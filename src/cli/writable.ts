import {
  accessSync,
  closeSync,
  constants,
  openSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';
import { AppError } from '../core/base/errors';
import { REPORTS, STDOUT, type CliOptions } from './commandLine/arguments';
import { inWords } from './files';
import { makeFolders } from './folders';
import { errorLine } from './words';

/**
 * Throws AppError where a file of results cannot be written: after the faults it would be too late to say so. Leaves no
 * trace: what is there keeps its content, and what it makes in order to try is removed.
 */
export function requireWritable(options: CliOptions): void {
  const refused = REPORTS.flatMap((name) => {
    const file = options[name];
    if (file === undefined || file === STDOUT) return [];
    try {
      inWords(() => tryToWrite(file));
      return [];
    } catch (thrown) {
      return [`--${name} ${file} cannot be written: ${errorLine(thrown)}`];
    }
  });
  if (refused.length > 0) throw new AppError('invalid', refused.join(' '));
}

function tryToWrite(file: string): void {
  const found = thereIs(file);
  // To open a pipe waits for its reader, and to close it tells the reader that this was all.
  if (found && !found.isFile() && !found.isDirectory()) return accessSync(file, constants.W_OK);
  if (found) return closeSync(openSync(file, constants.O_WRONLY));
  const made = makeFolders(path.dirname(path.resolve(file)));
  try {
    closeSync(openSync(file, constants.O_WRONLY | constants.O_CREAT));
    // A link that led nowhere is kept.
    rmSync(realpathSync(file));
  } finally {
    for (const folder of made.toReversed()) rmdirSync(folder);
  }
}

function thereIs(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined; // whoever makes it learns why
  }
}
