import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../src/cli/commandLine/arguments';
import { writeFileText } from '../../../src/cli/files';
import { writeReports } from '../../../src/cli/reports';
import { requireWritable } from '../../../src/cli/writable';
import { temporaryFolder } from '../../temporary';

const folder = temporaryFolder('writable');
const at = (...names: string[]): string => path.join(folder, ...names);
const given = (...args: string[]) => readArguments(['run', 'a.yaml', ...args]).options;
const tried = (...args: string[]): void => requireWritable(given(...args));

describe('files of results', () => {
  it('are tried without a trace where they are new', () => {
    tried('--json', at('made', 'deep', 'a.json'), '--junit', at('made', 'b.xml'), '--html', at('c.html'));
    expect(existsSync(at('made'))).toBe(false);
    expect(existsSync(at('c.html'))).toBe(false);
  });

  it('keep what is in them, and their time', () => {
    const file = at('old.json');
    writeFileSync(file, 'old');
    utimesSync(file, 1000, 1000);
    tried('--json', file, '--html', '/dev/null');
    expect([readFileSync(file, 'utf8'), statSync(file).mtimeMs]).toEqual(['old', 1_000_000]);
  });

  it.skipIf(process.platform === 'win32')('may be links that lead nowhere yet', () => {
    symlinkSync(at('target'), at('link'));
    tried('--json', at('link'));
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(existsSync(at('target'))).toBe(false);
  });

  it('are refused where they are folders or in files, each with its option', () => {
    mkdirSync(at('folder'));
    writeFileSync(at('file'), '');
    const isFile = `${at('file')} is a file, not a folder.`;
    expect(() =>
      tried('--junit', at('folder'), '--json', at('file', 'a.json'), '--html', at('file', 'b', 'c.html')),
    ).toThrow(
      `--junit ${at('folder')} cannot be written: This is a folder. Name a file in it. ` +
        `--json ${at('file', 'a.json')} cannot be written: ${isFile} ` +
        `--html ${at('file', 'b', 'c.html')} cannot be written: ${isFile}`,
    );
    expect(() => tried('--json', `${at('none')}/`)).toThrow('This is a folder.');
    expect(existsSync(at('none'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')('are refused where no folder can be made, without an endless search', () => {
    const why = '--json /proc/nope/x/y.json cannot be written: The folder /proc/nope cannot be made (ENOENT).';
    expect(() => tried('--json', '/proc/nope/x/y.json')).toThrow(why);
    expect(() => writeFileText('/proc/nope/y.json', '')).toThrow('The folder /proc/nope cannot be made (ENOENT).');
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'are refused where they may not be written',
    () => {
      writeFileSync(at('locked'), '');
      chmodSync(at('locked'), 0o400);
      expect(() => tried('--json', at('locked'))).toThrow('The file may not be written.');
    },
  );

  it('are written as far as they can be', () => {
    mkdirSync(at('since'));
    expect(
      writeReports([], given('--junit', at('since'), '--json', at('new', 'run.json')), {
        cluster: 'here',
        version: '0',
      }),
    ).toEqual([`--junit ${at('since')} could not be written: This is a folder. Name a file in it.`]);
    expect(JSON.parse(readFileSync(at('new', 'run.json'), 'utf8'))).toMatchObject({ tests: [] });
  });
});
