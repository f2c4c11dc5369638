import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes a kubeconfig that only its owner can read; returns its path. */
export function writeKubeconfig(
  directory: string,
  server: string,
  authority: string,
  token: string,
  namespace: string,
): string {
  const file = path.join(directory, 'kubeconfig');
  const name = 'distdiag-demo';
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': Buffer.from(authority).toString('base64') } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    'current-context': name,
  };
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  rmSync(file, { force: true }); // the mode below holds for a new file only
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return file;
}
