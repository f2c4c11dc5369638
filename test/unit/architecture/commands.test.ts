import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(__dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(path.join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

/** The scripts that a text tells to run: `npm run x`, and `npm test` for `test`. */
const scriptsIn = (text: string): string[] =>
  [...text.matchAll(/\bnpm (?:run (?:--silent )?([\w:-]*\w)|(test)\b)/g)].map(([, run, test]) => run ?? test ?? '');

/** Where a text's links lead within the repository, without the places in a page. */
const linksIn = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target ?? '')
    .filter((target) => !/^(?:[a-z]+:|#)/.test(target))
    .map((target) => decodeURI(target.replace(/#.*$/, '')));

/** What a heading is called in a link. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replace(/ /g, '-');

describe.each(pages)('%s', (page) => {
  const text = read(page);

  it('names no script that is not there', () => {
    expect(scriptsIn(text).filter((name) => !(name in scripts))).toEqual([]);
  });

  it('links to files that are there', () => {
    const missing = linksIn(text).filter((target) => !existsSync(path.join(root, path.dirname(page), target)));
    expect(missing).toEqual([]);
  });

  it('links to headings that are there', () => {
    const links = [...text.matchAll(/\]\(([^)\s#:]*)#([^)\s]+)\)/g)];
    const lost = links.filter(([, file, anchor]) => {
      const target = file ? path.join(path.dirname(page), file) : page;
      const headings = [...read(target).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading ?? ''));
      return !headings.includes(anchor ?? '');
    });
    expect(lost.map(([link]) => link)).toEqual([]);
  });
});

it('finds scripts and links in a text', () => {
  expect(scriptsIn('`npm run a:b -- --c`, npm test, `npm run --silent d`.')).toEqual(['a:b', 'test', 'd']);
  expect(linksIn('[a](docs/a.md#b) ![c](c.png) [d](https://d) [e](#e)')).toEqual(['docs/a.md', 'c.png']);
  expect(pages.flatMap((page) => scriptsIn(read(page)))).toContain('demo');
  expect(pages.flatMap((page) => linksIn(read(page)))).toContain('docs/scenarios.md');
});

it('the run on every change starts the tests as README and CONTRIBUTING do', () => {
  const text = ['README.md', 'CONTRIBUTING.md'].map(read).join('\n');
  const commands = [...text.matchAll(/^```(?:sh)?\n([^]*?)^```/gm)].flatMap(([, block]) =>
    (block ?? '').split('\n').map((line) => line.replace(/\s+#.*$/, '').trim()),
  );
  const tests = commands.filter((line) => /^npm (?:run )?test(?::real)?$/.test(line));
  expect(new Set(tests)).toEqual(new Set(['npm test', 'npm run test:real']));
  const run = read('.ci/run')
    .split('\n')
    .map((line) => line.replace(/ --silent\b/, '').trim());
  for (const command of tests) expect(run).toContain(command);
});
