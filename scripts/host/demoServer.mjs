import path from 'node:path';
import { root } from './node24.mjs';
import { startServer } from './processes.mjs';

/** Starts the embedded cluster as a process; resolves with its facts. */
export async function startDemo(args = []) {
  const server = startServer(
    process.execPath,
    [path.join(root, 'dist/demo.js'), '--serve', ...args],
    { cwd: root },
    (line) => (line.startsWith('{"kubeconfig"') ? JSON.parse(line) : undefined),
  );
  try {
    return { facts: await server.ready, stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
