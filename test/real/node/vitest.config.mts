import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The tests that need a node: started by `npm run test:real` in the node's own namespaces. */
export default defineConfig({
  root: path.join(path.dirname(fileURLToPath(import.meta.url)), '../../..'),
  test: {
    name: 'node',
    include: ['test/real/node/*.test.ts'],
    environment: 'node',
    // One database for all of them, and one thing at a time that is wrong with it.
    fileParallelism: false,
    // Each takes a minute at most, and up to four times as long on a busy machine.
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
