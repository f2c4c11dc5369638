import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, type ConnectOptions, type KubernetesConnection } from '../../../src/adapters/kubernetes/index';
import { silentLog } from '../../support';

const VARIABLES = ['KUBECONFIG', 'HOME', 'KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT'];

/** A folder of the test's own with an environment that knows no kubeconfig. */
export class World {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'distdiag-connect-'));
  readonly #before = VARIABLES.map((name) => [name, process.env[name]] as const);
  readonly #open: KubernetesConnection[] = [];

  constructor() {
    for (const name of VARIABLES) delete process.env[name];
    process.env['HOME'] = path.join(this.directory, 'home');
  }

  file(name: string, content: unknown, mode = 0o600): string {
    const file = path.join(this.directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
    chmodSync(file, mode);
    return file;
  }

  /** A credential program that counts its runs in a file, and does what the script says. */
  program(name: string, script: string): { command: string; runs: () => number } {
    const count = path.join(this.directory, `${name}.runs`);
    const command = this.file(name, `#!/bin/sh\necho run >> '${count}'\n${script}\n`, 0o700);
    return {
      command,
      runs: () => {
        try {
          return readFileSync(count, 'utf8').split('\n').length - 1;
        } catch {
          return 0;
        }
      },
    };
  }

  async connect(options: Partial<ConnectOptions> = {}): Promise<KubernetesConnection> {
    const connection = await connect({ trusted: true, log: silentLog, ...options });
    this.#open.push(connection);
    return connection;
  }

  /** Bytes and times of every file below a folder. */
  photograph(): Record<string, string> {
    const all = readdirSync(this.directory, { recursive: true, encoding: 'utf8' }).sort();
    return Object.fromEntries(
      all.map((name) => {
        const file = path.join(this.directory, name);
        const { mtimeNs, ctimeNs, size, mode } = statSync(file, { bigint: true });
        const bytes = statSync(file).isDirectory() ? '' : readFileSync(file, 'base64');
        return [name, [mtimeNs, ctimeNs, size, mode, bytes].join()];
      }),
    );
  }

  dispose(): void {
    for (const connection of this.#open) connection.dispose();
    for (const [name, value] of this.#before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** A kubeconfig of one context `test`. */
export function kubeconfig(server: string, user: unknown, cluster: unknown = {}, name = 'test'): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, ...(cluster as object) } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'db' } }],
    'current-context': name,
  };
}

/** Asks the API server for something harmless. */
export const ask = (connection: KubernetesConnection): Promise<unknown> =>
  connection.targets.list({ namespace: 'db', labelSelector: '', container: 'x' });
