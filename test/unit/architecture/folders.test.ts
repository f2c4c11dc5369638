import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const core = path.join(__dirname, '../../../src/core');

/** For each folder of the core the others that its files import, types too. */
function imports(): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const file of readdirSync(core, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const [folder = ''] = file.split(path.sep);
    const known = graph.get(folder) ?? new Set();
    graph.set(folder, known);
    for (const { fileName } of ts.preProcessFile(readFileSync(path.join(core, file), 'utf8')).importedFiles) {
      const [other = ''] = path.relative(core, path.resolve(core, path.dirname(file), fileName)).split(path.sep);
      if (fileName.startsWith('.') && other !== folder && other !== '..') known.add(other);
    }
  }
  return graph;
}

it('the folders of the core import each other one way', () => {
  const graph = imports();
  expect(graph.size).toBeGreaterThan(10);
  // Folders that import only those that are sorted already come next; what is left at the end is a circle.
  const sorted = new Set<string>();
  for (let before = -1; before !== sorted.size;) {
    before = sorted.size;
    for (const [folder, others] of graph) if ([...others].every((other) => sorted.has(other))) sorted.add(folder);
  }
  expect([...graph.keys()].filter((folder) => !sorted.has(folder))).toEqual([]);
});
