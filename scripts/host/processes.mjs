import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** Starts a program and resolves with its exit code; its output goes to ours. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

/** A free port on loopback. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts a server and resolves when a line of its output passes the test: on a machine that is busy with other tests an
 * API server takes more than a minute. Ends it by its id, hard after `endMs`.
 */
export function startServer(command, args, options, test, limitMs = 180_000, endMs = 5000) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  const stop = () =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      const hard = setTimeout(() => child.kill('SIGKILL'), endMs);
      child.once('exit', () => {
        clearTimeout(hard);
        resolve();
      });
      child.kill('SIGTERM');
    });
  const ready = new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${command} did not start in ${limitMs / 1000} s:\n${output.slice(-2000)}`)),
      limitMs,
    );
    const hear = (chunk) => {
      output += chunk;
      const found = output
        .split('\n')
        .map((line) => test(line))
        .find((value) => value !== undefined);
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ended with code ${code}:\n${output.slice(-2000)}`)));
  });
  return { child, ready, stop, output: () => output };
}

/** Starts a server and resolves with it once it is ready; one that does not get there is ended. */
export async function startReadyServer(...how) {
  const server = startServer(...how);
  try {
    await server.ready;
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** Resolves when an HTTP address answers. */
export async function waitForHttp(url, limitMs = 60_000) {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      const response = await fetch(url);
      if (response.ok) return;
    } catch {
      // not yet
    }
    if (Date.now() > end) throw new Error(`${url} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
