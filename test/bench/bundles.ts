import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { middle } from './numbers';

/** Stands in for the editor's API while a bundle is loaded: every member is there, a function and a class. */
const EDITOR = `
const any = new Proxy(function () {}, {
  get: (target, key) => (key === 'prototype' ? target.prototype : any),
  getPrototypeOf: () => any,
});
const Module = require('node:module');
const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? any : load(name, ...rest));`;

/** Bundles that begin to work when they are loaded, in a thread, a page or a process of their own. */
const PROGRAMS = ['scorer.js', 'webview.js', 'demo.js'];

/** One file of `dist`. */
export interface BundleFigures {
  kib: number;
  gzipKib: number;
  /** Milliseconds that a fresh Node needs to load it; undefined for programs. */
  loadMs?: number;
}

/** Size and load time of every bundle, medians of five fresh processes. */
export function benchBundles(root: string): Record<string, BundleFigures> {
  const kib = (bytes: number): number => Math.round(bytes / 1024);
  return Object.fromEntries(
    readdirSync(path.join(root, 'dist'))
      .filter((file) => file.endsWith('.js'))
      .map((name) => {
        const file = path.join(root, 'dist', name);
        const size = { kib: kib(statSync(file).size), gzipKib: kib(gzipSync(readFileSync(file)).length) };
        return [name, PROGRAMS.includes(name) ? size : { ...size, loadMs: loadMs(file) }];
      }),
  );
}

function loadMs(file: string): number {
  const script = `${EDITOR}
const began = performance.now();
require(${JSON.stringify(file)});
console.log(performance.now() - began);
process.exit(0);`;
  const once = (): number => Number(execFileSync(process.execPath, ['--no-deprecation', '-e', script]).toString());
  return middle(Array.from({ length: 5 }, once));
}
