import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { formatPercent, percentSign } from '../../../src/core/base/percent';

const root = path.join(__dirname, '../../..');
const files = [
  ...['src', 'l10n'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)),
  ),
  ...readdirSync(root).filter((file) => file.startsWith('package.nls')),
].filter((file) => /\.(?:ts|json)$/.test(file) && !file.includes('crds'));

it('percent is written in one way: "97%", without a space', () => {
  expect([formatPercent(0.966), formatPercent(1), formatPercent(0.0123, 1), percentSign('12.5')]).toEqual([
    '97%',
    '100%',
    '1.2%',
    '12.5%',
  ]);
  const spaced = files.flatMap((file) =>
    literals(file)
      .filter((text) => /^ %|[\d}] %/.test(text))
      .map((text) => `${file}: ${text}`),
  );
  expect(spaced).toEqual([]);
});

/** All texts of a file; of a template its pieces. */
function literals(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateMiddleOrTemplateTail(node) || ts.isTemplateHead(node))
      found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest));
  return found;
}

it('shares are written by one function', () => {
  const own = files.filter(
    (file) =>
      !file.endsWith('base/percent.ts') &&
      /\* 100\)\}?\s*%|100 \* [\w().]+\)\}?\s*%/.test(readFileSync(path.join(root, file), 'utf8')),
  );
  expect(own).toEqual([]);
});
