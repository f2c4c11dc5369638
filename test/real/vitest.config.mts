import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = path.dirname(fileURLToPath(import.meta.url));

/** The contract suite as it stands, on real servers: only what starts its cluster is another. */
export default defineConfig({
  root: path.join(here, '../..'),
  resolve: { alias: [{ find: /^(\.\.\/)+src\/demo\/cluster$/, replacement: path.join(here, 'cluster.ts') }] },
  test: {
    name: 'real',
    include: [
      'test/contract/{gateways,kubectl,kubernetes*}.test.ts',
      'test/contract/reliability/{apiFaults,clockSkew,killed,lostAnswers,restart}.test.ts',
      'test/real/**/*.test.ts',
    ],
    exclude: [
      // Those have a node of their own.
      'test/real/node/**',
      // A run that has compiled for long leaves these to the next, and has said so.
      ...(process.env['DISTDIAG_REAL_CHAOS_MESH']
        ? []
        : ['test/real/{chaosMesh,restart}.test.ts', 'test/contract/reliability/**']),
    ],
    setupFiles: [path.join(here, 'differences.ts')],
    environment: 'node',
    // One API server for all of them.
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
});
