import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes a kubeconfig that only its owner can read; returns its path. */
export function writeKubeconfig(directory: string, server: string, authority: string, token: string, namespace: string): string {
  const file = path.join(directory, 'kubeconfig');
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'distdiag-demo', cluster: { server, 'certificate-authority-data': Buffer.from(authority).toString('base64') } }],
    users: [{ name: 'distdiag-demo', user: { token } }],
    contexts: [{ name: 'distdiag-demo', context: { cluster: 'distdiag-demo', user: 'distdiag-demo', namespace } }],
    'current-context': 'distdiag-demo',
  };
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  return file;
}
