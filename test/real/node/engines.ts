import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { NodePlaces } from './pods';

/** How a database is run as three pods. */
export interface PodEngine {
  command(places: NodePlaces): string[];
  /** Folders of the node that its container needs. */
  mounts(places: NodePlaces): { name: string; from: string; to: string }[];
  env: { name: string; value: string }[];
  limits: { cpu: string; memory: string };
  /** One database on all pods, instead of three. */
  shared: boolean;
  archiveRows: number;
  clients: number;
  /** The name of the server's process. */
  process: string;
  /** Where a server takes connections from other pods. */
  peerPort: number;
  /** What tells a server that it is one of a cluster's majority, and the end of its answers; missing where it needs none. */
  majority?: { ask: string; yes: string; no: string };
}

const galera: PodEngine = {
  command: ({ scripts }) => ['bash', '-c', readFileSync(path.join(scripts, 'galera.sh'), 'utf8')],
  mounts: ({ folder }) => [{ name: 'peers', from: path.join(folder, 'peers'), to: '/peers' }],
  env: [],
  limits: { cpu: '600m', memory: '1Gi' },
  shared: true,
  archiveRows: 6000,
  clients: 4,
  process: 'mariadbd',
  peerPort: 4567,
  majority: { ask: "show status like 'wsrep_ready'", yes: 'ON', no: 'OFF' },
};

const SERVE_SEEKDB = `
import os, pylibseekdb, time
os.makedirs('/home/admin/data-file/db', exist_ok=True)
pylibseekdb.open_with_service('/home/admin/data-file/db', 2881)
while True:
    time.sleep(60)
`;

const seekdb: PodEngine = {
  command: () => ['python3', '-c', SERVE_SEEKDB],
  mounts: ({ seekdb: from = '' }) => [{ name: 'seekdb', from, to: '/seekdb' }],
  env: [
    { name: 'PYTHONPATH', value: '/seekdb' },
    { name: 'LD_LIBRARY_PATH', value: '/seekdb/pylibseekdb.libs' },
  ],
  limits: { cpu: '600m', memory: '2500Mi' },
  shared: false,
  archiveRows: 20_000,
  clients: 6,
  process: 'python3',
  peerPort: 2881,
};

/** The engines by their names, which are the bed's. */
export const POD_ENGINES: Readonly<Record<string, PodEngine>> = { galera, seekdb };
