import type { Loose } from '../api';
import { POD_ENGINES, type PodEngine } from './engines';

export const NAMESPACE = 'oceanbase';
export const CHAOS_NAMESPACE = 'chaos-mesh';
export const DAEMON_POD = 'chaos-daemon-node-1';
const DAEMON_PORT = 31767;
export const ORDINALS = [1, 2, 3] as const;

/** Where things are on the node, as its pods' specifications name them. */
export interface NodePlaces {
  node: string;
  address: string;
  /** The node's own folder. */
  folder: string;
  /** Where the start scripts of the engines are. */
  scripts: string;
  /** The bed's helper, by its path: exporter and load. */
  helper: string;
  images: { database: string; daemon: string };
  /** The database's engine, by the bed's name. */
  engine: string;
  /** seekdb's package. */
  seekdb?: string;
}

/** Both engines speak MySQL's protocol, and take connections before they answer. */
const READY = ['mariadb', '-uroot', '-h127.0.0.1', '-P2881', '-e', 'select 1'];

const engineOf = ({ engine }: NodePlaces): PodEngine => POD_ENGINES[engine] as PodEngine;

const host = (name: string, at: string, type = 'DirectoryOrCreate'): Loose => ({ name, hostPath: { path: at, type } });

/** What every bare pod here has: nobody schedules, and no service account exists. */
const bare = (node: string): Loose => ({
  nodeName: node,
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  terminationGracePeriodSeconds: 5,
});

/** Chaos Mesh's daemon as its chart's DaemonSet makes a pod of it. */
export function daemonPod({ node, images }: NodePlaces): Loose {
  const labels = { 'app.kubernetes.io/name': 'chaos-mesh', 'app.kubernetes.io/component': 'chaos-daemon' };
  const ports = [
    { name: 'grpc', containerPort: DAEMON_PORT },
    { name: 'http', containerPort: 31766 },
  ];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: DAEMON_POD, namespace: CHAOS_NAMESPACE, labels },
    spec: {
      ...bare(node),
      hostNetwork: true,
      hostPID: true,
      hostIPC: true,
      containers: [
        {
          name: 'chaos-daemon',
          image: images.daemon,
          imagePullPolicy: 'Never',
          command: [
            ...['/usr/local/bin/chaos-daemon', '--runtime', 'containerd', '--http-port', '31766'],
            ...['--grpc-port', String(DAEMON_PORT), '--runtime-socket-path', '/host-run/containerd.sock'],
          ],
          env: [{ name: 'TZ', value: 'UTC' }],
          securityContext: { privileged: true, capabilities: { add: ['SYS_PTRACE'] } },
          volumeMounts: [
            { name: 'socket-path', mountPath: '/host-run' },
            { name: 'sys-path', mountPath: '/host-sys' },
          ],
          ports,
        },
      ],
      volumes: [host('socket-path', '/run/containerd', 'Directory'), host('sys-path', '/sys', 'Directory')],
    },
  };
}

/** The address of the daemon, which an endpoint controller would write. */
export function daemonSlice({ node, address }: NodePlaces): Loose {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'chaos-daemon-1',
      namespace: CHAOS_NAMESPACE,
      labels: { 'kubernetes.io/service-name': 'chaos-daemon' },
    },
    addressType: 'IPv4',
    ports: [{ name: 'grpc', port: DAEMON_PORT, protocol: 'TCP' }],
    endpoints: [{ addresses: [address], nodeName: node, conditions: { ready: true } }],
  };
}

export const podName = (ordinal: number): string => `obcluster-1-zone${ordinal}`;

/** One server of the database, labelled, named and laid out as ob-operator does. */
export function databasePod(places: NodePlaces, ordinal: number): Loose {
  const zone = `zone${ordinal}`;
  const volumes = ['data-file', 'data-log', 'log'];
  const engine = engineOf(places);
  const mounts = engine.mounts(places);
  const exporter = { engine: places.engine, sqlPort: 2881, namespace: NAMESPACE, pod: podName(ordinal), zone };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(ordinal),
      namespace: NAMESPACE,
      labels: {
        'ref-obcluster': 'obcluster',
        'ref-obzone': `obcluster-1-${zone}`,
        'ref-observer': podName(ordinal),
      },
    },
    spec: {
      ...bare(places.node),
      hostname: podName(ordinal),
      containers: [
        {
          name: 'observer',
          image: places.images.database,
          imagePullPolicy: 'Never',
          command: engine.command(places),
          env: [
            { name: 'ORDINAL', value: String(ordinal) },
            { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
            ...engine.env,
          ],
          ports: [{ name: 'sql', containerPort: 2881 }],
          resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: engine.limits },
          readinessProbe: { exec: { command: READY }, periodSeconds: 2, timeoutSeconds: 5 },
          volumeMounts: [
            ...volumes.map((name) => ({ name, mountPath: `/home/admin/${name}` })),
            ...mounts.map(({ name, to }) => ({ name, mountPath: to })),
          ],
        },
        {
          name: 'obagent',
          image: places.images.database,
          imagePullPolicy: 'Never',
          command: ['/helper', 'exporter', JSON.stringify(exporter)],
          env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
          ports: [{ name: 'metrics', containerPort: 8088 }],
          resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '200m', memory: '128Mi' } },
          volumeMounts: [{ name: 'helper', mountPath: '/helper' }],
        },
      ],
      volumes: [
        ...volumes.map((name) => ({ name, emptyDir: {} })),
        ...mounts.map(({ name, from }) => host(name, from)),
        host('helper', places.helper, 'File'),
      ],
    },
  };
}

/** The clients of the database: the load of the bed, from a pod of its own. */
export function loadPod(places: NodePlaces, command: 'populate' | 'load', addresses: readonly string[]): Loose {
  const engine = engineOf(places);
  const config = {
    router: '',
    addresses: addresses.map((address) => `${address}:2881`),
    shared: engine.shared,
    seed: 1,
    clients: engine.clients,
    thinkSeconds: 0.3,
    remote: 0.1,
    archiveRows: engine.archiveRows,
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: command, namespace: 'clients' },
    spec: {
      ...bare(places.node),
      restartPolicy: command === 'load' ? 'Always' : 'Never',
      containers: [
        {
          name: 'clients',
          image: places.images.database,
          imagePullPolicy: 'Never',
          command: ['/helper', command, JSON.stringify(config)],
          resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
          volumeMounts: [{ name: 'helper', mountPath: '/helper' }],
        },
      ],
      volumes: [host('helper', places.helper, 'File')],
    },
  };
}
