import type { BedPrograms, EngineName } from './types';

/** Where one server's things are. */
export interface ServerPlace {
  /** From 0. */
  index: number;
  ip: string;
  peers: readonly string[];
  /** The folder of its files, on the delayed mount. */
  data: string;
  socket: string;
}

/** As the first node of a cluster, as one more, or once more after a crash. */
export type Start = 'first' | 'join' | 'again';

/** A program to start, and what it needs to know. */
interface Command {
  program: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
}

/** How a database is run as three nodes of a bed. */
export interface Engine {
  name: EngineName;
  title: string;
  sqlPort: number;
  /** Where its nodes' networks begin among the bed's. */
  subnet: number;
  /** One database on all nodes, instead of three. */
  shared: boolean;
  cpuLimit: number;
  memoryLimit: number;
  clients: number;
  thinkSeconds: number;
  /** Share of the writing transactions that also change a row of another node. */
  remote: number;
  /** 2 kB each; more than the caches hold. */
  archiveRows: number;
  /** Against the other control groups of the machine: a fair share for three servers, not that of one process. */
  cpuShares: number;
  /** Samples of its exporter tell that the server is ready for clients. */
  ready(metrics: string): boolean;
  /** A pattern of the files that a volume of the pod holds, in the paths of the helper. */
  filesOf(volumePath: string): string;
  start(place: ServerPlace, programs: BedPrograms, how: Start): Command;
}

const MiB = 1024 * 1024;

/** What is on the volumes that OceanBase's operator mounts; another path means all of them. */
const SEEKDB_FILES: Readonly<Record<string, string>> = {
  '/home/admin/data-file': '/sstable/',
  '/home/admin/data-log': '/redo/',
  '/home/admin/log': '/db/log/',
};

const seekdb: Engine = {
  name: 'seekdb',
  title: 'OceanBase seekdb 1.3.0 (pylibseekdb), three servers',
  sqlPort: 2881,
  subnet: 0,
  shared: false,
  cpuLimit: 0.6,
  memoryLimit: 2500 * MiB,
  clients: 8,
  thinkSeconds: 0.25,
  remote: 0.15,
  archiveRows: 150_000,
  cpuShares: 12_288,
  ready: (metrics) => metrics.includes('ob_sysstat{'),
  filesOf: (volumePath) => SEEKDB_FILES[volumePath] ?? '',
  start: ({ data }, { python, seekdb: folder }) => {
    if (!python || !folder) throw new Error('seekdb needs Python 3.11 and its package');
    return {
      program: python,
      args: ['-c', SERVE_SEEKDB, data, String(seekdb.sqlPort)],
      env: { PYTHONPATH: folder, LD_LIBRARY_PATH: `${folder}/pylibseekdb.libs` },
    };
  },
};

const SERVE_SEEKDB = `
import pylibseekdb, sys, time
pylibseekdb.open_with_service(sys.argv[1], int(sys.argv[2]))
while True:
    time.sleep(60)
`;

const galera: Engine = {
  name: 'galera',
  title: 'MariaDB 10.11 + Galera 4, one cluster of three nodes',
  sqlPort: 3306,
  subnet: 10,
  shared: true,
  cpuLimit: 0.4,
  memoryLimit: 1200 * MiB,
  clients: 6,
  thinkSeconds: 0.4,
  remote: 0.1,
  archiveRows: 15_000,
  cpuShares: 8192,
  ready: (metrics) => /^mysql_global_status_wsrep_local_state\{.*\} 4$/m.test(metrics), // synced
  filesOf: (volumePath) => {
    const [, below = ''] = /^\/var\/lib\/mysql\/?(.*)$/.exec(volumePath) ?? [];
    return below ? `/db/${below}` : '';
  },
  start: (place, _programs, how) =>
    // What a crash left says no position in the cluster's history: the server finds it, and takes the rest from a peer.
    how === 'again'
      ? { program: 'sh', args: ['-c', START_AGAIN, 'mariadbd', ...mariadbArgs(place, how)] }
      : { program: 'mariadbd', args: mariadbArgs(place, how) },
};

const START_AGAIN = `
position=$("$0" "$@" --wsrep-recover 2>&1 | tee /dev/stderr | sed -n 's/.*Recovered position: *//p' | tail -1)
exec "$0" "$@" \${position:+--wsrep-start-position=$position}
`;

function mariadbArgs({ index, ip, peers, data, socket }: ServerPlace, how: Start): string[] {
  return [
    '--no-defaults',
    '--user=root',
    `--datadir=${data}`,
    `--socket=${socket}`,
    `--pid-file=${socket}.pid`,
    `--port=${galera.sqlPort}`,
    '--bind-address=0.0.0.0',
    '--skip-name-resolve',
    '--performance-schema=OFF',
    '--max-connections=400',
    // Small, so that the archive does not fit; and every commit is written through, as a database should.
    '--innodb-buffer-pool-size=64M',
    '--innodb-log-file-size=96M',
    '--innodb-flush-log-at-trx-commit=1',
    '--innodb-flush-method=O_DIRECT',
    '--innodb-autoinc-lock-mode=2',
    '--innodb-lock-wait-timeout=20',
    '--binlog-format=ROW',
    '--wsrep-on=ON',
    '--wsrep-provider=/usr/lib/galera/libgalera_smm.so',
    '--wsrep-cluster-name=distdiag-bed',
    `--wsrep-node-name=node${index + 1}`,
    `--wsrep-node-address=${ip}`,
    '--wsrep-slave-threads=4',
    '--wsrep-sst-method=rsync',
    '--wsrep-provider-options=gcache.size=64M;gcs.fc_limit=32',
    `--wsrep-cluster-address=gcomm://${how === 'first' ? '' : peers.join(',')}`,
    ...(how === 'first' ? ['--wsrep-new-cluster'] : []),
  ];
}

/** Both engines by their names. */
export const ENGINES: Readonly<Record<EngineName, Engine>> = { seekdb, galera };
