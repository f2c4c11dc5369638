import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMetricSource, resolvePrometheus } from '../../../src/adapters/prometheus/index';
import { accessNeeds } from '../../../src/core/cluster/access';
import type { ChaosObject } from '../../../src/core/experiments/experiment';
import { INJECTABLE_KINDS, pluralOf } from '../../../src/core/experiments/kinds';
import { defaultParameters, FAULTS } from '../../../src/core/faults/catalogue';
import { toManifest } from '../../../src/core/injection/manifest';
import { startDemoCluster, type DemoCluster } from '../../../src/demo/cluster';
import { DEMO_QUERY, silentLog } from '../../support';
import { World } from './world';

const DATABASE = 'oceanbase';
/** Where experiments are created, so that the two are told apart. */
const FAULT_NAMESPACE = 'chaos-mesh';
const CHAOS = 'chaos-mesh.org';

/**
 * What is asked of the server as well, and is done without where it is forbidden: whole-cluster looks fall back to the
 * known namespaces, kinds without a guided fault are not seen, hosts' labels and other pods are unknown.
 */
const guided: readonly string[] = FAULTS.map(({ kind }) => kind);
const OTHERS = INJECTABLE_KINDS.filter((kind) => !guided.includes(kind)).map(pluralOf);
const OPTIONAL: readonly RegExp[] = [
  /^(list|watch) \w+\.chaos-mesh\.org in (oceanbase)?$/,
  new RegExp(`^(list|watch) (${OTHERS.join('|')})\\.chaos-mesh\\.org in chaos-mesh$`),
  /^list nodes in $/,
  /^list pods in (chaos-mesh)?$/,
  /^list services in /,
];

let world: World;
let cluster: DemoCluster;
const used = new Set<string>();

const text = (verb: string, group: string, resource: string, namespace: string): string =>
  `${verb} ${group === '' ? resource : `${resource}.${group}`} in ${namespace}`;

/** Everything that the adapters ask of an API server, once, as it is asked in a cluster where all is allowed or in one where only namespaces are. */
async function useEverything(onlyNamespaces: boolean): Promise<void> {
  const connection = await world.connect({
    kubeconfigPath: cluster.kubeconfigPath,
    trusted: false,
    namespaces: [DATABASE, FAULT_NAMESPACE],
    recheckMs: 300,
    podsMs: 200,
  });
  const targets = await connection.targets.list(DEMO_QUERY);
  const watches = [connection.experiments.watch(() => undefined), connection.orchestration.watch(() => undefined)];
  await connection.podEvents.list(DATABASE);
  await connection.pods.list(DATABASE);
  await connection.pods.nodeLabels().catch(() => undefined);
  const made: ChaosObject[] = [...new Map(FAULTS.map((fault) => [fault.kind, fault])).values()].map(({ type }) =>
    toManifest({
      type,
      parameters: defaultParameters(type),
      targets: targets.slice(0, 1),
      durationMs: 60_000,
      chaosNamespace: FAULT_NAMESPACE,
      container: 'observer',
      createdBy: 'test',
    }),
  );
  const inner = made[0] as ChaosObject;
  const { duration: _duration, ...spec } = inner.spec;
  const starter = (kind: string, spec: Record<string, unknown>): ChaosObject => ({
    apiVersion: `${CHAOS}/v1alpha1`,
    kind,
    metadata: { name: kind.toLowerCase(), namespace: FAULT_NAMESPACE },
    spec,
  });
  made.push(
    starter('Workflow', {
      entry: 'all',
      templates: [
        { name: 'all', templateType: 'Serial', deadline: '2m', children: ['one'] },
        { name: 'one', templateType: 'StressChaos', deadline: '1m', stressChaos: spec },
      ],
    }),
    starter('Schedule', {
      ...{ schedule: '0 0 1 1 *', concurrencyPolicy: 'Forbid', historyLimit: 1 },
      ...{ type: 'StressChaos', stressChaos: inner.spec },
    }),
  );
  for (const manifest of made) {
    await connection.experiments.dryRun(manifest);
    const { ref } = await connection.experiments.create(manifest);
    await connection.experiments.get(ref);
    await connection.experiments.events(ref);
    // While it acts: whether its pod was replaced is looked at.
    if (manifest === inner)
      await vi.waitFor(() => expect([...used]).toContain(text('get', '', 'pods', DATABASE)), 10_000);
    await connection.experiments.setPaused(ref, true);
    await connection.experiments.delete(ref);
  }
  await connection.experiments.list();
  await connection.orchestration.list();
  const resolve = (): ReturnType<typeof resolvePrometheus> =>
    resolvePrometheus({ url: '', cluster: connection, log: silentLog });
  await createMetricSource({
    resolve,
    clock: cluster.clock,
    profile: 'auto',
    container: 'observer',
    log: silentLog,
  }).describe(targets);
  const watched = onlyNamespaces ? FAULT_NAMESPACE : '';
  await vi.waitFor(() => expect([...used]).toContain(text('watch', CHAOS, 'workflownodes', watched)), 10_000);
  for (const one of watches) one.dispose();
}

let forbidden: (verb: string, resource: string, namespace: string) => boolean = () => false;

beforeAll(async () => {
  world = new World();
  cluster = await startDemoCluster({
    directory: world.directory,
    historyMinutes: 1,
    allowed: ({ verb = '', group = '', resource = '', subresource, namespace = '' }) => {
      const name = subresource ? `${resource}/${subresource}` : resource;
      if (forbidden(verb, name, namespace)) return false;
      used.add(text(verb, group, name, namespace));
      return true;
    },
  });
  await useEverything(false);
  // A user of namespaces only: whole-cluster lists of Chaos Mesh's kinds and of services are refused.
  forbidden = (_, resource, namespace) => namespace === '' && resource !== 'services';
  await useEverything(true);
}, 120_000);

afterAll(async () => {
  world.dispose();
  await cluster.stop();
});

const needs = accessNeeds({
  targetNamespace: DATABASE,
  chaosNamespace: FAULT_NAMESPACE,
  prometheus: { namespace: 'monitoring', resource: 'services/proxy' },
});
const needed = (): Set<string> =>
  new Set(needs.map(({ verb, group, resource, namespace }) => text(verb, group, resource, namespace)));

describe('the permissions that are checked and written into a role', () => {
  it('are all that the adapters ask a server for, but for what is done without', () => {
    const names = needed();
    const unnamed = [...used].filter((one) => !names.has(one) && !OPTIONAL.some((way) => way.test(one)));
    expect(unnamed).toEqual([]);
  });

  it('are all used, but for those that a dry run asks in the name of Chaos Mesh', () => {
    const unused = [...needed()].filter((one) => !used.has(one));
    expect(unused.filter((one) => !/^create \w+\.chaos-mesh\.org in oceanbase$/.test(one))).toEqual([]);
  });

  it('are in the table of the setup page, with their verbs', () => {
    const page = readFileSync(path.join(__dirname, '../../../docs/setup.md'), 'utf8');
    const rows = page
      .split('\n')
      .filter((line) => /^\| (`chaos-mesh.org`|core) \|/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    const missing = needs.filter(
      ({ verb, group, resource, namespace }) =>
        !rows.some(
          ([, of, resources = '', where = '', verbs = '']) =>
            of === (group === '' ? 'core' : `\`${group}\``) &&
            resources.split(/,? and |, |\s\(|\)/).includes(resource) &&
            verbs.split(', ').includes(verb) &&
            where.includes({ [DATABASE]: 'database', [FAULT_NAMESPACE]: 'experiments' }[namespace] ?? 'Prometheus'),
        ),
    );
    expect(missing.map(({ verb, resource, namespace }) => text(verb, '', resource, namespace))).toEqual([]);
  });
});
