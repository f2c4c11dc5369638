import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { bundleFiles, foreignModules } from '../../../scripts/host/foreignModules.mjs';

const root = path.join(__dirname, '../../..');
const dist = path.join(root, 'dist');
const bundles = existsSync(dist) ? bundleFiles(dist) : [];
const kubernetes = bundles.find((file) => /^chunks\/kubernetes-/.test(file));
/** `npm test` builds them first. */
const withBundles = it.skipIf(!kubernetes || !bundles.includes('scorer.js'));

it('what a bundle would look for at run time is found in its text, and nothing else', () => {
  const foreign = (text: string): string[] => foreignModules(text, ['a.js', 'chunks/b-1.mjs'], 'main.mjs');
  expect(
    foreign(
      `x=require("vscode");y=require('node:fs');z=require("fs/promises");b=require("./a.js");await import("./chunks/b-1.mjs")`,
    ),
  ).toEqual([]);
  expect(foreign('try{c=require("encoding")}catch{} await import(`ws`)')).toEqual(['encoding', 'ws']);
  expect(foreign('require("./b");require("a");require("../x/a")')).toEqual(['./b', 'a', '../x/a']);
  expect(foreign('require(name)')).toHaveLength(1);
  expect(foreign('createRequire(here)')).toHaveLength(1);
  expect(foreign(`require(p.default.join(p.default.dirname(d),"x"));class A{async require(a, b) {}}`)).toEqual([]);
  expect(foreign(`f.code='require("ajv/dist/x").default';s.access.require(a);__require(b)`)).toEqual([]);
});

withBundles('no bundle looks for a module outside of the extension (built by npm run build)', () => {
  const found = bundles.flatMap((file) =>
    foreignModules(readFileSync(path.join(dist, file), 'utf8'), bundles, file).map((asked) => `${file}: ${asked}`),
  );
  expect(found).toEqual([]);
});

withBundles('what lies in a folder above is not run: not at a connection, not when the diagnosis starts', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'distdiag-planted-'));
  try {
    const planted = path.join(home, 'ran');
    const names = ['encoding', 'bufferutil', 'utf-8-validate', 'node-fetch', 'isomorphic-ws', '@tensorflow/tfjs-node'];
    for (const name of names) {
      const folder = path.join(home, 'node_modules', name);
      mkdirSync(folder, { recursive: true });
      const text = `require('node:fs').appendFileSync(${JSON.stringify(planted)}, ${JSON.stringify(`${name}\n`)})`;
      writeFileSync(path.join(folder, 'index.js'), text);
    }
    const installed = path.join(home, '.vscode', 'extensions', 'distdiag');
    for (const part of ['dist', 'models'])
      cpSync(path.join(root, part), path.join(installed, part), { recursive: true });
    const script = `
      await import(${JSON.stringify(path.join(installed, 'dist', kubernetes ?? ''))});
      const { Worker } = await import('node:worker_threads');
      const modelDirectory = ${JSON.stringify(path.join(installed, 'models/anomaly-detector'))};
      const worker = new Worker(${JSON.stringify(path.join(installed, 'dist/scorer.js'))}, { workerData: { modelDirectory } });
      worker.once('message', ({ result }) => { console.log(result.answeredBy); process.exit(0); });
      worker.postMessage({ id: 1, method: 'info' });`;
    const answered = execFileSync(process.execPath, ['--no-deprecation', '--input-type=module', '-e', script], {
      cwd: home,
      encoding: 'utf8',
    });
    expect(answered.trim()).toMatch(/^(wasm|cpu)$/);
    expect(existsSync(planted) ? readFileSync(planted, 'utf8') : '').toBe('');
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
