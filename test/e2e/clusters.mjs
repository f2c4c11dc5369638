import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { startDemo } from '../../scripts/host/demoServer.mjs';

/**
 * Demo clusters as contexts of one kubeconfig, the first of which is the current one. A test waits until the database has
 * settled after the last fault, two minutes: on a cluster of its own it need not. With `engine` all of them are one cluster
 * on real databases: the machine has no room for more.
 */
export async function startClusters(directory, names, engine) {
  const demos = engine
    ? Array(names.length).fill(await startDemo(['--engine', engine]))
    : await Promise.all(names.map(() => startDemo()));
  const parts = demos.map(({ facts }, i) => {
    const { clusters, users, contexts } = JSON.parse(readFileSync(facts.kubeconfig, 'utf8'));
    const name = names[i];
    return {
      clusters: [{ ...clusters[0], name }],
      users: [{ ...users[0], name }],
      contexts: [{ name, context: { ...contexts[0].context, cluster: name, user: name } }],
    };
  });
  const all = (key) => parts.flatMap((part) => part[key]);
  const kubeconfig = path.join(directory, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': names[0],
      clusters: all('clusters'),
      users: all('users'),
      contexts: all('contexts'),
    }),
    { mode: 0o600 },
  );
  return {
    kubeconfig,
    /** The names of the stress experiments that act by what the cluster itself knows, whatever an editor shows. */
    experimentsOn: async (name) => {
      const { clusters, users } = parts[names.indexOf(name)];
      const { items } = await ask(clusters[0].cluster, users[0].user, '/apis/chaos-mesh.org/v1alpha1/stresschaos');
      const over = ({ status }) =>
        status?.conditions?.some(({ type, status: is }) => type === 'AllRecovered' && is === 'True');
      return items.filter((one) => !over(one)).map(({ metadata }) => metadata.name);
    },
    prometheusOf: (name) => demos[names.indexOf(name)].facts.prometheusUrl,
    stop: () => Promise.all(demos.map(({ stop }) => stop())),
  };
}

/** What the API server of a cluster answers. */
function ask({ server, 'certificate-authority-data': authority }, { token }, where) {
  const options = { ca: Buffer.from(authority, 'base64'), headers: { Authorization: `Bearer ${token}` } };
  return new Promise((resolve, reject) => {
    get(new URL(where, server), options, (answer) => resolve(json(answer))).once('error', reject);
  });
}
