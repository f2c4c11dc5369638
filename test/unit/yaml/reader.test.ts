import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFirst } from '../../../src/adapters/yaml/documents';
import { corpus } from './corpus';
import { goJson, judge, type Answer } from './reading';

/** What kubectl's own resource builder answers; npm run test:real asks it again. */
const answers = readFileSync(path.join(__dirname, 'answers.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Answer & { text: string });

describe('a file is read as kubectl reads it', () => {
  it('or refused, and never read as something else', () => {
    expect(answers.map(({ text }) => text)).toEqual(corpus());
    expect(answers.filter((answer) => judge(answer.text, answer) === 'other').map(({ text }) => text)).toEqual([]);
    const count = (verdict: string): number => answers.filter((one) => judge(one.text, one) === verdict).length;
    expect(count('same')).toBeGreaterThan(count('stricter') * 10);
  });

  it('nor is its first document, which a kubeconfig is', () => {
    // Behind a last line that is not ended, go-yaml takes a block's line break for missing.
    const ended = answers.filter(({ text }) => text.endsWith('\n'));
    const wrong = ended.filter(({ text, first }) => {
      try {
        return goJson(readFirst(text) ?? null) !== (first ?? 'null').replace(/(?<=[:,[])-0(?=[,\]}])/g, '0');
      } catch {
        return false; // refused
      }
    });
    expect(wrong.map(({ text }) => text)).toEqual([]);
  });
});
