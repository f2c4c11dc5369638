import { listFiles, PackageManager } from '@vscode/vsce';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(__dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const docs = readdirSync(path.join(root, 'docs')).map((file) => `docs/${file}`);
const readme = read('README.md');

/** What vsce calls a file in the package: links to its old name lead nowhere. */
const RENAMED: Readonly<Record<string, string>> = {
  'README.md': 'readme.md',
  'CHANGELOG.md': 'changelog.md',
  LICENSE: 'LICENSE.txt',
};

/** Where links and pictures lead that are no addresses and no places in the page itself. */
const relative = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target ?? '')
    .filter((target) => !/^(?:[a-z]+:|#)/.test(target))
    .map((target) => decodeURI(target.replace(/#.*$/, '')));

it('every link and picture of the pages in the package leads to a file in it', async () => {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const packaged = new Set(files.map((file) => RENAMED[file] ?? file.replaceAll(path.sep, '/')));
  const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...docs];
  for (const page of pages) expect(packaged, page).toContain(RENAMED[page] ?? page);
  const lost = pages.flatMap((page) =>
    relative(read(page))
      .map((target) => path.posix.join(path.posix.dirname(page), target))
      .filter((target) => !packaged.has(target))
      .map((target) => `${page}: ${target}`),
  );
  expect(lost).toEqual([]);
});

it('the README is a page: 600 to 800 words, six features with a picture each', () => {
  expect(readme.split(/\s+/).length).toBeGreaterThanOrEqual(600);
  expect(readme.split(/\s+/).length).toBeLessThanOrEqual(800);
  const features = readme.split('\n## Features\n')[1]?.split('\n## ')[0]?.split('\n### ').slice(1) ?? [];
  expect(features.map((feature) => (feature.match(/!\[/g) ?? []).length)).toEqual([1, 1, 1, 1, 1, 1]);
});

it('its first picture moves, and has less than 2 MB', () => {
  const [first = ''] = relative(readme);
  const bytes = readFileSync(path.join(root, first));
  expect(statSync(path.join(root, first)).size).toBeLessThan(2_000_000);
  // The chunk of an animated PNG, with its number of frames.
  const control = bytes.indexOf('acTL');
  expect(control).toBeGreaterThan(0);
  expect(bytes.readUInt32BE(control + 4)).toBeGreaterThan(5);
});

it('its figures are those of docs/diagnosis.md', () => {
  const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim()).slice(1, -1); // prettier-ignore
  const rows = (text: string): string[][] => text.split('\n').filter((line) => line.startsWith('|')).map(cells); // prettier-ignore
  const name = (row: string): string =>
    row
      .replace("OceanBase's kernel", 'seekdb')
      .replace('MariaDB Galera', 'galera')
      .replace(', never seen', ' left out');
  const measured = new Map(rows(read('docs/diagnosis.md')).map(([row = '', ...figures]) => [row, figures]));
  const shown = rows(readme).filter(([row = '']) => / metrics$/.test(row));
  expect(shown.length).toBeGreaterThan(3);
  for (const [row = '', ...figures] of shown) {
    const [ac1, ac3, first, alarms] = measured.get(name(row)) ?? [];
    const rounded = [ac1, ac3, first].map((figure) => Number(figure).toFixed(2));
    expect(figures, row).toEqual([...rounded, `${parseFloat(alarms ?? '').toFixed(0)} %`]);
  }
});
