import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../host/node24.mjs';

/** Imports a TypeScript module of this project into a script. */
export async function importTypeScript(file) {
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-module-'));
  try {
    const outfile = path.join(directory, 'module.mjs');
    await build({
      entryPoints: [path.join(root, file)],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'warning',
      absWorkingDir: root,
    });
    return await import(pathToFileURL(outfile));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
