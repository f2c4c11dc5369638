import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, it } from 'vitest';
import { runs } from '../../runs';
import { temporaryFolder } from '../../temporary';
import { until } from '../../until';

const directory = temporaryFolder('foreground');
const module = pathToFileURL(path.join(__dirname, '../../../scripts/host/foreground.mjs')).href;
/** As npm run demo -- --serve. */
const SCRIPT = `
import { interruption, runWithParent } from ${JSON.stringify(module)};
process.exit(await runWithParent(process.argv.slice(2), interruption()));
`;
/** As the demo's process: it removes its folder when its parent is gone. Signals do not reach it. */
const PROGRAM = `
const { mkdirSync, renameSync, rmSync, writeFileSync } = require('node:fs');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
const [folder, option] = process.argv.slice(2);
if (option !== '--with-parent') throw new Error('not told');
process.stdin.on('end', () => { rmSync(folder, { recursive: true }); process.exit(0); }).resume();
mkdirSync(folder);
writeFileSync(folder + '.new', String(process.pid));
renameSync(folder + '.new', folder + '.pid');
setInterval(() => undefined, 1000);
`;

beforeAll(() => {
  writeFileSync(path.join(directory, 'script.mjs'), SCRIPT);
  writeFileSync(path.join(directory, 'program.cjs'), PROGRAM);
});

describe.skipIf(process.platform === 'win32')('a cluster in the foreground', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
    'ends with its script, of which alone %s is sent, and leaves no folder',
    async (signal) => {
      const folder = path.join(directory, signal);
      const script: ChildProcess = fork(path.join(directory, 'script.mjs'), [
        path.join(directory, 'program.cjs'),
        folder,
      ]);
      await until('it has started', () => existsSync(`${folder}.pid`));
      const pid = Number(readFileSync(`${folder}.pid`, 'utf8'));
      script.kill(signal);
      await until('it has ended', () => !runs(pid));
      await until('its folder is gone', () => !existsSync(folder));
    },
  );
});
