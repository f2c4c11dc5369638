import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { middle } from './numbers';

/** Stands in for the editor's API while a bundle is loaded: it has the members of the real one, each a function and a class. */
const editorOf = (root: string): string => `
const { editorNames } = require(${JSON.stringify(path.join(root, 'scripts/host/editorApi.cjs'))});
const any = new Proxy(function () {}, {
  get: (target, key) => (key === 'prototype' ? target.prototype : any),
  getPrototypeOf: () => any,
});
const api = Object.freeze(Object.fromEntries(editorNames().map((name) => [name, any])));
const Module = require('node:module');
const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? api : load(name, ...rest));`;

/** Modules of Node that the editor's host has loaded before any extension. */
const HOST = `
for (const name of ['child_process', 'crypto', 'http', 'https', 'net', 'os', 'stream', 'tls', 'url', 'util', 'worker_threads', 'zlib'])
  require('node:' + name);`;

/** Bundles that begin to work when they are loaded, in a thread, a page or a process of their own. */
const PROGRAMS = ['scorer.js', 'webview.js', 'demo.js'];

/** One file of `dist`. */
export interface BundleFigures {
  kib: number;
  gzipKib: number;
  /** Milliseconds that a fresh Node needs to load it, Node's own modules that it asks for too; undefined for programs. */
  loadMs?: number;
  /** The same where Node's own modules are there already, as in the editor's host. */
  hostLoadMs?: number;
}

/** Fresh processes for each figure: more for what every start of the editor pays for. */
const runsOf = (name: string): number => (name === 'extension.js' ? 21 : 5);

/** Size and load time of every bundle, medians of fresh processes. */
export function benchBundles(root: string): Record<string, BundleFigures> {
  const kib = (bytes: number): number => Math.round(bytes / 1024);
  const editor = editorOf(root);
  return Object.fromEntries(
    readdirSync(path.join(root, 'dist'))
      .filter((file) => file.endsWith('.js'))
      .map((name) => {
        const file = path.join(root, 'dist', name);
        const size = { kib: kib(statSync(file).size), gzipKib: kib(gzipSync(readFileSync(file)).length) };
        if (PROGRAMS.includes(name)) return [name, size];
        return [name, { ...size, loadMs: loadMs(file, editor), hostLoadMs: loadMs(file, editor + HOST) }];
      }),
  );
}

function loadMs(file: string, before: string): number {
  const script = `${before}
// What was loaded before leaves a collection behind, which is none of the bundle's.
setTimeout(() => {
  const began = performance.now();
  require(${JSON.stringify(file)});
  console.log(performance.now() - began);
  process.exit(0);
}, 50);`;
  const once = (): number => Number(execFileSync(process.execPath, ['--no-deprecation', '-e', script]).toString());
  return middle(Array.from({ length: runsOf(path.basename(file)) }, once));
}
