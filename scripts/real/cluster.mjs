import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startGuarded, sweepAtEnd } from '../host/guarded.mjs';
import { prepareApiserver } from './apiserver.mjs';
import { buildApiserver, buildChaosMesh, buildEtcd, buildWebhooks } from './build.mjs';
import { prepareChaosMesh } from './chaosMesh.mjs';
import { startControl } from './control.mjs';
import { startEtcd } from './etcd.mjs';
import { startTunnel } from './tunnel.mjs';
import { importTypeScript } from './typescript.mjs';

const CONTEXT = 'distdiag-real';

/** Compiles what is missing, and starts etcd, the API server and Chaos Mesh's webhooks on loopback, filled as a cluster is. */
export async function startRealCluster() {
  const programs = {
    etcd: await buildEtcd(),
    apiserver: await buildApiserver(),
    webhooks: await buildWebhooks(),
  };
  const chaosMeshPrograms = await buildChaosMesh();
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-real-'));
  sweepAtEnd(directory);
  const running = [];
  const stop = async () => {
    // The last first: nobody waits for one that is gone.
    for (const server of running.splice(0).reverse()) await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  const started = Date.now();
  try {
    const webhooks = startGuarded(programs.webhooks, [], {}, (line) =>
      line.startsWith('{') ? JSON.parse(line) : undefined,
    );
    running.push(webhooks);
    const socket = path.join(directory, 'tunnel.sock');
    running.push(await startTunnel(socket));
    const etcd = await startEtcd(programs.etcd, directory);
    running.push(etcd);
    const prepared = await prepareApiserver({
      program: programs.apiserver,
      directory,
      etcdUrl: etcd.url,
      tunnel: socket,
    });
    const apiserver = { current: await prepared.start() };
    running.push({ stop: () => apiserver.current.stop() });
    const kubeconfig = path.join(directory, 'kubeconfig');
    const chaosMesh =
      chaosMeshPrograms &&
      prepareChaosMesh({ programs: chaosMeshPrograms, kubeconfig, certificate: prepared.certificate });
    const control = await startControl({
      apiserver: {
        stop: () => apiserver.current.stop(),
        start: async () => {
          apiserver.current = await prepared.start();
        },
      },
      ...(chaosMesh ? { 'chaos-mesh': chaosMesh } : {}),
    });
    running.push(...(chaosMesh ? [chaosMesh] : []), control);
    const { fill } = await importTypeScript('test/real/fill.ts');
    const access = { server: prepared.url, authority: prepared.authority(), token: prepared.tokens.admin };
    await fill(access, await webhooks.ready);
    writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(prepared, access.authority), undefined, 2), { mode: 0o600 });
    return {
      facts: {
        kubeconfig,
        kubernetesUrl: prepared.url,
        etcdUrl: etcd.url,
        controlUrl: control.url,
        chaosMesh: chaosMesh !== undefined,
        namespace: 'oceanbase',
      },
      seconds: (Date.now() - started) / 1000,
      output: () => apiserver.current.output(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One context for each user; the first is the one that may do all. */
export function kubeconfigOf({ url, tokens }, authority) {
  const users = Object.keys(tokens);
  const name = (user) => (user === users[0] ? CONTEXT : `${CONTEXT}-${user}`);
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: CONTEXT,
        cluster: { server: url, 'certificate-authority-data': Buffer.from(authority).toString('base64') },
      },
    ],
    users: users.map((user) => ({ name: user, user: { token: tokens[user] } })),
    contexts: users.map((user) => ({
      name: name(user),
      context: { cluster: CONTEXT, user, namespace: 'oceanbase' },
    })),
    'current-context': CONTEXT,
  };
}
