import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { scaledClock } from '../../src/core/base/clock';
import { ChaosController } from '../../src/demo/chaos/controller';
import { defaultControls } from '../../src/demo/chaos/controls';
import { CHAOS_RESOURCES } from '../../src/demo/chaos/kinds';
import { PodKeeper } from '../../src/demo/chaos/podKeeper';
import type { DemoCluster, DemoOptions } from '../../src/demo/cluster';
import { FaultBoard } from '../../src/demo/faults';
import { writeKubeconfig } from '../../src/demo/kubernetes/kubeconfig';
import { startPrometheus } from '../../src/demo/prometheus/server';
import { Random } from '../../src/core/base/random';
import { DatabaseSimulator } from '../../src/demo/simulator/simulator';
import { demoTopology } from '../../src/demo/topology';
import { Api, type Access } from './api';
import { cleanUp, NamespaceKeeper } from './housekeeping';
import { restorePods } from './install';
import { Mirror } from './mirror';
import { resourceOf } from './paths';
import { exposePrometheus } from './prometheusService';

export type { DemoCluster, DemoOptions };

/** Where the real server is and how to come in, from the kubeconfig that DISTDIAG_REAL_KUBECONFIG names. */
export function realAccess(): Access {
  const file = process.env['DISTDIAG_REAL_KUBECONFIG'];
  if (!file) throw new Error('DISTDIAG_REAL_KUBECONFIG names no kubeconfig: npm run test:real starts the servers');
  const { clusters, users } = JSON.parse(readFileSync(file, 'utf8'));
  const { server, 'certificate-authority-data': authority } = clusters[0].cluster;
  return { server, authority: Buffer.from(authority, 'base64').toString(), token: users[0].user.token };
}

/**
 * Stands in for the embedded cluster's own start: the API server and its store are the real ones that run already;
 * what Chaos Mesh's controller and the kubelet would do is done on it by the embedded cluster's.
 */
export async function startDemoCluster(options: DemoOptions): Promise<DemoCluster> {
  const { directory, seed = 1, historyMinutes = 30 } = options;
  const access = realAccess();
  const api = new Api(access);
  // The server's time is the machine's: nothing can run faster here.
  const clock = scaledClock(1);
  const topology = demoTopology(3);
  const board = new FaultBoard();
  const historyMs = historyMinutes * 60_000;
  const simulator = new DatabaseSimulator({ topology, seed, startMs: clock.now() - historyMs - 60_000, board });
  const prometheus = await startPrometheus({ simulator, clock, historyMs });
  await cleanUp(api);
  await restorePods(api, topology);
  await exposePrometheus(api, Number(new URL(prometheus.url).port));
  const watched = ['Pod', 'Node', 'Namespace'].map(resourceOf);
  const objects = await Mirror.open(api, clock, [...watched, ...CHAOS_RESOURCES]);
  objects.compact = compactEtcd;
  const controls = { ...defaultControls(), ...options.controls };
  const random = new Random(seed + 99);
  const controller = new ChaosController({ store: objects, board, clock, controls, random: () => random.next() });
  const pods = new PodKeeper(objects, board, clock);
  const namespaces = new NamespaceKeeper(api, objects, clock);
  return {
    kubeconfigPath: writeKubeconfig(directory, access.server, access.authority, access.token, topology.namespace),
    kubernetesUrl: access.server,
    prometheusUrl: prometheus.url,
    namespace: topology.namespace,
    topology,
    clock,
    board,
    controls,
    objects,
    stop: async () => {
      for (const one of [controller, pods, namespaces]) one.dispose();
      await objects.close();
      await prometheus.stop();
      api.dispose();
    },
  };
}

/** Forgets the history in etcd, as the API server itself does every five minutes; returns when it is forgotten. */
function compactEtcd(): void {
  const script = `
    const call = (at, body) => fetch(process.argv[1] + at, { method: 'POST', body: JSON.stringify(body) }).then((answer) => answer.json());
    call('/v3/maintenance/status', {}).then(({ header }) => call('/v3/kv/compaction', { revision: header.revision, physical: true }));`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', script, process.env['DISTDIAG_REAL_ETCD'] ?? '']);
  if (status !== 0) throw new Error(`etcd was not compacted: ${stderr.toString()}`);
}
