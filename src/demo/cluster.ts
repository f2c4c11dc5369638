import { scaledClock } from '../core/base/clock';
import type { Clock } from '../core/base/clock';
import { ChaosController } from './chaos/controller';
import { defaultControls, type ChaosControls } from './chaos/controls';
import { PodKeeper } from './chaos/podKeeper';
import { ScheduleController } from './chaos/scheduleController';
import { WorkflowController } from './chaos/workflowController';
import { FaultBoard } from './faults';
import { readIdentity, writeIdentity } from './identity';
import { GarbageCollector } from './kubernetes/objects/garbageCollector';
import { writeKubeconfig } from './kubernetes/kubeconfig';
import { ObjectStore } from './kubernetes/objects/objects';
import type { Allowed } from './kubernetes/requests/reviews';
import { startKubernetes } from './kubernetes/server';
import { populate } from './kubernetes/world';
import { Random } from '../core/base/random';
import { startSimulatedDatabase } from './simulator/database';
import type { DemoDatabase } from './database';
import type { Topology } from './topology';

/** Size, pace and place of a demo cluster. */
export interface DemoOptions {
  /** Where the kubeconfig is written. */
  directory: string;
  /** Takes the place of the cluster that ended in this directory: the same ports, the same kubeconfig. */
  resume?: boolean | undefined;
  /** Already running; the cluster stops it. Without it, one is simulated by the options below. */
  database?: DemoDatabase;
  nodes?: number;
  seed?: number;
  /** How many times faster than real time. */
  speed?: number;
  /** How far the cluster's clock is ahead of this machine's, milliseconds. */
  skewMs?: number;
  historyMinutes?: number;
  kubernetesPort?: number;
  prometheusPort?: number;
  scrapeMs?: number;
  /** Real milliseconds between the bookmarks of a watch. */
  bookmarkMs?: number;
  /** Failures and delays of the simulated Chaos Mesh, from the start; `controls` changes them later. */
  controls?: Partial<ChaosControls>;
  /** What the user may do; everything by default. */
  allowed?: Allowed;
  /** Services behind the API server's proxy: `namespace/service` → URL on loopback. Ours is added; others may be at any time. */
  services?: Map<string, string>;
}

/** A running demo cluster. */
export interface DemoCluster {
  kubeconfigPath: string;
  kubernetesUrl: string;
  prometheusUrl: string;
  namespace: string;
  topology: Topology;
  clock: Clock;
  board: FaultBoard;
  controls: ChaosControls;
  objects: ObjectStore;
  stop(): Promise<void>;
}

/** Starts all parts on loopback: the database and its Prometheus (simulated by default), Kubernetes API, controllers. */
export async function startDemoCluster(options: DemoOptions): Promise<DemoCluster> {
  const { directory, seed = 1, speed = 1 } = options;
  const clock = scaledClock(speed, undefined, options.skewMs);
  const board = new FaultBoard(options.database?.actor);
  const before = options.resume ? readIdentity(directory) : undefined;
  const prometheusPort = before?.prometheusPort ?? options.prometheusPort ?? 0;
  const database = options.database ?? (await startSimulatedDatabase({ ...options, prometheusPort, board, clock }));
  const { topology, prometheusUrl } = database;
  const objects = new ObjectStore(clock);
  populate(objects, topology, database.sinceMs);
  const controls = { ...defaultControls(), ...options.controls };
  const random = new Random(seed + 99);
  const services = options.services ?? new Map<string, string>();
  services.set('monitoring/prometheus-operated', prometheusUrl);
  const kubernetes = await startKubernetes({
    store: objects,
    services,
    port: before?.kubernetesPort ?? options.kubernetesPort ?? 0,
    certificates: before?.certificates,
    token: before?.token,
    bookmarkMs: options.bookmarkMs ?? 5000,
    ...(options.allowed ? { allowed: options.allowed } : {}),
  }).catch(async (error: unknown) => {
    await database.stop();
    throw error;
  });
  const controller = new ChaosController({ store: objects, board, clock, controls, random: () => random.next() });
  const keeper = new PodKeeper(objects, board, clock);
  const orchestration = [
    new GarbageCollector(objects, clock),
    new WorkflowController(objects, clock, controls),
    new ScheduleController(objects, clock, controls),
  ];
  const { url, port: kubernetesPort, certificates, token } = kubernetes;
  const kubeconfigPath = writeKubeconfig(directory, url, certificates.authority, token, topology.namespace);
  writeIdentity(directory, {
    certificates,
    token,
    kubernetesPort,
    prometheusPort: Number(new URL(prometheusUrl).port),
  });
  return {
    kubeconfigPath,
    kubernetesUrl: url,
    prometheusUrl,
    namespace: topology.namespace,
    topology,
    clock,
    board,
    controls,
    objects,
    stop: async () => {
      controller.dispose();
      keeper.dispose();
      for (const one of orchestration) one.dispose();
      await board.clearAll();
      await Promise.all([kubernetes.stop(), database.stop()]);
    },
  };
}
