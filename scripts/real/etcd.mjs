import path from 'node:path';
import { startGuarded } from '../host/guarded.mjs';
import { freePort, waitForHttp } from '../host/processes.mjs';

/** An etcd of one member on loopback, with its data in `directory`. */
export async function startEtcd(program, directory) {
  const client = `http://127.0.0.1:${await freePort()}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  const server = startGuarded(
    program,
    [
      '--name=real',
      `--data-dir=${path.join(directory, 'etcd')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=real=${peer}`,
      // Thrown away at the end: it need not outlive the machine.
      '--unsafe-no-fsync',
    ],
    {},
    (line) => (/ready to serve client requests|serving insecure client requests/.test(line) ? true : undefined),
  );
  try {
    await server.ready;
    await waitForHttp(`${client}/health`);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url: client, stop: server.stop };
}
