import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { extractTexts, keyOf } from '../../../scripts/l10n.mjs';

const read = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(__dirname, '../../..', file), 'utf8')) as Record<string, unknown>;
const { texts, lost } = extractTexts();
const keys = texts.map(keyOf).sort();
const placeholders = (text: string): string[] => [...new Set(text.match(/\{\d+\}/g))].sort();

describe('the bundles of texts', () => {
  it('hold every text of the source and no other: npm run l10n writes the English one', () => {
    expect(Object.keys(read('l10n/bundle.l10n.json')).sort()).toEqual(keys);
  });

  it('have every text in Chinese, with the same placeholders', () => {
    const chinese = read('l10n/bundle.l10n.zh-cn.json');
    expect(keys.filter((key) => !chinese[key])).toEqual([]);
    expect(Object.keys(chinese).filter((key) => !keys.includes(key))).toEqual([]);
    for (const text of texts)
      expect(placeholders(String(chinese[keyOf(text)])), text.message).toEqual(placeholders(text.message));
  });

  it('can be looked up: none is put together where a Text is expected without the tag msg', () => {
    expect(lost).toEqual([]);
  });

  it('are named by package.json and shipped', () => {
    expect(read('package.json')['l10n']).toBe('./l10n');
    expect(readFileSync(path.join(__dirname, '../../../.vscodeignore'), 'utf8').split('\n')).toContain('!l10n/**');
  });
});
