// The programs of a node and of its cluster, in the node's own namespaces, until the command that is run there ends.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { root } from '../../host/node24.mjs';
import { run } from '../../host/processes.mjs';
import { prepareApiserver } from '../apiserver.mjs';
import { startController } from '../chaosMesh.mjs';
import { kubeconfigOf } from '../cluster.mjs';
import { startEtcd } from '../etcd.mjs';
import { importTypeScript } from '../typescript.mjs';
import { startContainerd } from './containerd.mjs';
import { KUBELET_PORT, NODE_ADDRESS, NODE_NAME, startKubelet } from './kubelet.mjs';
import { startNodePrometheus } from './prometheus.mjs';

const DAEMON_PORT = 31767;
const WEBHOOK_PORT = 9443;

const { folder, cgroup, programs, layout, images, engine, commands, cwd } = JSON.parse(process.argv[2]);

// Who started the node holds the other end: it closes however that one ends.
process.stdin.once('end', () => process.exit(1)).resume();

const started = Date.now();
const lap = (what) => console.log(`node: ${what} after ${((Date.now() - started) / 1000).toFixed(1)} s`);

const etcd = await startEtcd(programs.etcd, folder);
const prepared = await prepareApiserver({
  program: programs.apiserver,
  directory: folder,
  etcdUrl: etcd.url,
  hasNode: true,
});
await Promise.all([prepared.start(), startContainerd(folder, layout).then(() => lap('containerd has the images'))]);
const kubeconfig = path.join(folder, 'kubeconfig');
const authority = prepared.authority();
writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(prepared, authority)), { mode: 0o600 });
const { Filler } = await importTypeScript('test/real/node/fill.ts');
const places = {
  node: NODE_NAME,
  address: NODE_ADDRESS,
  folder,
  scripts: path.join(root, 'test/real/node'),
  helper: programs.helper,
  images,
  engine,
  ...(programs.seekdb ? { seekdb: programs.seekdb } : {}),
};
const filler = new Filler({ server: prepared.url, authority, token: prepared.tokens.admin }, places);
lap('the API server serves');
const crds = parseAllDocuments(readFileSync(programs.crds, 'utf8')).map((document) => document.toJS());
await Promise.all([startKubelet({ program: programs.kubelet, folder, kubeconfig, cgroup }), filler.kinds(crds)]);
await filler.node();
lap('the node is ready');
cpSync(prepared.certificate.cert, path.join(folder, 'tls.crt'));
cpSync(prepared.certificate.key, path.join(folder, 'tls.key'));
await filler.daemon();
await filler.database();
await startController({
  program: programs.controller,
  kubeconfig,
  certificates: folder,
  daemonPort: DAEMON_PORT,
  webhookPort: WEBHOOK_PORT,
  env: { POD_FAILURE_PAUSE_IMAGE: images.pause },
});
await filler.webhooks(WEBHOOK_PORT, authority);
lap("Chaos Mesh's controller works");
const exporters = await filler.load();
lap('the database serves its clients');
const prometheus = await startNodePrometheus({
  folder,
  kubelet: { address: `${NODE_ADDRESS}:${KUBELET_PORT}`, node: NODE_NAME },
  exporters,
});
lap('all of it runs');
const env = {
  ...process.env,
  DISTDIAG_REAL_KUBECONFIG: kubeconfig,
  DISTDIAG_NODE_PROMETHEUS: prometheus.url,
  DISTDIAG_NODE_PLACES: JSON.stringify(places),
};
let code = 0;
for (const [command, ...args] of commands)
  code = (await run(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], env })) || code;
filler.dispose();
process.exit(code);
