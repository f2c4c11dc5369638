import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { cacheDirectory, chaosMeshModule, moduleFolder } from '../build.mjs';

const MODULE = 'github.com/chaos-mesh/chaos-mesh';

/**
 * Chaos Mesh's sources with what its own build makes of C before Go compiles them: the code that its daemon writes into
 * a process whose clock it turns. Files of Go's module cache cannot be overlaid, so it is a copy, and a go.mod that
 * names it.
 */
export function chaosMeshSources() {
  const { folder, version } = chaosMeshModule();
  const at = path.join(cacheDirectory, `chaos-mesh-${version}`);
  const sources = { folder: path.join(at, 'src'), modfile: path.join(at, 'go.mod') };
  if (!existsSync(sources.folder)) copy(moduleFolder(folder, MODULE), sources.folder);
  // The project's own go.mod may change, which the copy does not see.
  const replace = `\nreplace ${MODULE} => ${sources.folder}\n`;
  writeFileSync(sources.modfile, readFileSync(path.join(folder, 'go.mod'), 'utf8') + replace);
  cpSync(path.join(folder, 'go.sum'), path.join(at, 'go.sum'));
  return sources;
}

function copy(original, target) {
  const unfinished = `${target}.${process.pid}`;
  mkdirSync(path.dirname(target), { recursive: true });
  try {
    cpSync(original, unfinished, { recursive: true });
    const clock = path.join(unfinished, 'pkg/time/fakeclock');
    chmodSync(clock, 0o755);
    for (const file of readdirSync(clock).filter((name) => name.endsWith('.c')))
      // The flags of Chaos Mesh's own Makefile.
      execFileSync('gcc', ['-c', file, '-fPIE', '-O2', '-o', file.replace(/c$/, 'o')], {
        cwd: clock,
        stdio: 'inherit',
      });
    renameSync(unfinished, target);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
