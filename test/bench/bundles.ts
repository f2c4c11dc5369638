import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleFiles } from '../../scripts/host/foreignModules.mjs';

/** Kibibytes of one file of `dist`. */
export interface BundleSize {
  kib: number;
  gzipKib: number;
}

/** The size of every bundle; how long activation takes is measured in the editor's host. */
export function benchBundles(root: string): Record<string, BundleSize> {
  const dist = path.join(root, 'dist');
  const kib = (bytes: number): number => Math.round(bytes / 1024);
  const size = (file: string): BundleSize => ({
    kib: kib(statSync(file).size),
    gzipKib: kib(gzipSync(readFileSync(file)).length),
  });
  return Object.fromEntries(bundleFiles(dist).map((name) => [name, size(path.join(dist, name))]));
}
