import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../core/base/errors';

/**
 * Makes a folder and those that it is in, as far as they are missing; returns those that it made, the outermost first.
 * Throws AppError. Node's own `recursive` never returns where a folder above can hold none, such as /proc.
 */
export function makeFolders(folder: string): string[] {
  if (isFolder(folder)) return [];
  const parent = path.dirname(folder);
  if (parent === folder) throw unmade(folder);
  const made = makeFolders(parent);
  try {
    mkdirSync(folder);
  } catch (thrown) {
    // Another program was faster.
    if (isFolder(folder)) return made;
    throw unmade(folder, thrown);
  }
  return [...made, folder];
}

function isFolder(folder: string): boolean {
  try {
    if (statSync(folder).isDirectory()) return true;
  } catch {
    return false; // whoever makes it learns why
  }
  throw new AppError('invalid', `${folder} is a file, not a folder.`);
}

const unmade = (folder: string, cause?: unknown): AppError => {
  const { code = '' } = (cause ?? {}) as NodeJS.ErrnoException;
  return new AppError('invalid', `The folder ${folder} cannot be made${code === '' ? '' : ` (${code})`}.`, { cause });
};
