import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, it } from 'vitest';
import { runs } from '../../runs';
import { until } from '../../until';
import { temporaryFolder } from '../../temporary';

const SCRIPTS = path.join(__dirname, '..', '..', '..', 'scripts', 'host');
const directory = temporaryFolder('guarded');

/** Starts a guarded program that starts another one, both deaf to SIGTERM, in a folder that is swept. */
const OWNER = `
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { guarded, sweepAtEnd } from ${JSON.stringify(path.join(SCRIPTS, 'guarded.mjs'))};
const [folder, log, program] = process.argv.slice(2);
sweepAtEnd(folder, log);
mkdirSync(folder);
spawn(...guarded(process.execPath, [program, folder]));
process.on('message', () => process.exit(0));
`;
const PROGRAM = `
const { spawn } = require('node:child_process');
const { mkdirSync, renameSync, writeFileSync } = require('node:fs');
process.on('SIGTERM', () => undefined);
const [folder, deeper] = process.argv.slice(2);
const file = folder + (deeper ? '.second' : '.first');
writeFileSync(file + '.new', String(process.pid));
renameSync(file + '.new', file);
if (!deeper) spawn(process.execPath, [__filename, folder, 'deeper']);
setInterval(() => { mkdirSync(folder, { recursive: true }); writeFileSync(folder + '/more', 'more'); }, 20);
`;

beforeAll(() => {
  writeFileSync(path.join(directory, 'owner.mjs'), OWNER);
  writeFileSync(path.join(directory, 'program.cjs'), PROGRAM);
});

describe.skipIf(process.platform === 'win32')(
  'what a script starts ends with it, deaf and grandchild as it may be',
  () => {
    it.each([
      ['is killed', (owner: ChildProcess) => owner.kill('SIGKILL')],
      ['is interrupted', (owner: ChildProcess) => owner.kill('SIGINT')],
      ['ends', (owner: ChildProcess) => owner.send('end')],
    ])('when the script %s, and its folder goes too', async (how, end) => {
      const folder = path.join(directory, how.replaceAll(' ', '-'));
      const log = `${folder}.log`;
      writeFileSync(log, '');
      const owner = fork(path.join(directory, 'owner.mjs'), [folder, log, path.join(directory, 'program.cjs')]);
      await until('both have started', () => existsSync(`${folder}.second`) && existsSync(path.join(folder, 'more')));
      const pids = ['first', 'second'].map((name) => Number(readFileSync(`${folder}.${name}`, 'utf8')));
      end(owner);
      await until('both have ended', () => !pids.some(runs));
      await until('the folder is gone', () => !existsSync(folder));
      await until('the log is gone', () => !existsSync(log));
    });
  },
);
