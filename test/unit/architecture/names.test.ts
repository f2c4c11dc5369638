import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const source = path.join(__dirname, '../../../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.d.ts'),
);
const declaration =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|class|interface|type|enum|let) (\w+)/gm;

it('no two files export the same name, so that a search finds one thing', () => {
  const places = new Map<string, Set<string>>();
  for (const file of files)
    for (const [, name = ''] of readFileSync(path.join(source, file), 'utf8').matchAll(declaration))
      places.set(name, (places.get(name) ?? new Set()).add(file));
  expect([...places].filter(([, { size }]) => size > 1).map(([name, where]) => [name, ...where])).toEqual([]);
});

it('no folder holds more than 22 source files', () => {
  const sizes = new Map<string, number>();
  for (const file of files) sizes.set(path.dirname(file), (sizes.get(path.dirname(file)) ?? 0) + 1);
  expect([...sizes].filter(([, size]) => size > 22)).toEqual([]);
});
