import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordingFolder } from '../../../src/adapters/storage/recordings';
import { toRecording, type Recording } from '../../../src/core/learning/recording';
import { frameOf, MINUTE, span, START } from './spans';

let directory = '';
beforeEach(() => (directory = mkdtempSync(path.join(tmpdir(), 'distdiag-recordings-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const recording = (name: string): Recording => {
  const one = span({ name, fromMs: START + 10 * MINUTE, toMs: START + 13 * MINUTE });
  return toRecording(one, [one], frameOf()) as Recording;
};

describe('the folder of recordings', () => {
  it('gives back what it was given, and nothing where there is none', async () => {
    const folder = recordingFolder(path.join(directory, 'new'));
    expect(await folder.all()).toEqual([]);
    await folder.save(recording('one'));
    expect(await folder.has('one-uid-one')).toBe(true);
    expect(await folder.has('two-uid-two')).toBe(false);
    expect(await folder.all()).toEqual([recording('one')]);
  });

  it('lets the oldest go beyond its bounds, by number and by size', async () => {
    const folder = recordingFolder(directory, { files: 2, bytes: 1e9 });
    for (const [i, name] of ['one', 'two', 'three'].entries()) {
      await folder.save(recording(name));
      utimesSync(path.join(directory, `${name}-uid-${name}.json.gz`), i + 1, i + 1);
    }
    await folder.save(recording('four'));
    expect(readdirSync(directory).sort()).toEqual(['four-uid-four.json.gz', 'three-uid-three.json.gz']);
    await recordingFolder(directory, { files: 9, bytes: 10 }).save(recording('five'));
    expect(readdirSync(directory)).toEqual(['five-uid-five.json.gz']);
  });

  it('passes over damaged files', async () => {
    const folder = recordingFolder(directory);
    await folder.save(recording('one'));
    writeFileSync(path.join(directory, 'broken.json.gz'), 'not packed');
    expect(await folder.all()).toHaveLength(1);
  });

  it('writes nowhere else', async () => {
    const folder = recordingFolder(directory);
    await expect(folder.save({ ...recording('one'), id: '../../escape' })).rejects.toThrow(/no valid name/);
  });
});
