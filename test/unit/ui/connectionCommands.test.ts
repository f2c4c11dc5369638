import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startDemoCluster, type DemoCluster } from '../../../src/demo/cluster';
import { RESOURCES, type Resource } from '../../../src/demo/kubernetes/objects/resources';
import { ConnectionWords } from '../../../src/ui/tree/connectionWords';
import { desk } from '../editor/desk';
import { chaosObject } from '../experiments/experiments';
import { Backend } from '../connection/backend';
import { keepingLog } from '../connection/keepingLog';
import { Rbac } from '../connection/rbac';
import { World } from '../connection/world';
import { ConnectionWorld } from './connectionWorld';

const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
const lookers = [
  { apiGroups: ['chaos-mesh.org'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: [''], resources: ['pods', 'services', 'services/proxy'], verbs: ['get', 'list'] },
];
const SERVICE = RESOURCES.find(({ kind }) => kind === 'Service') as Resource;

let files: World;
let rbac: Rbac;
let cluster: DemoCluster;
let world: ConnectionWorld;
let log: ReturnType<typeof keepingLog>;
const services = new Map<string, string>();
const backends: Backend[] = [];

beforeEach(async () => {
  desk.clear();
  files = new World();
  rbac = new Rbac();
  log = keepingLog();
  cluster = await startDemoCluster({
    directory: files.directory,
    historyMinutes: 1,
    services,
    allowed: (attributes) => rbac.allowed(attributes),
  });
  world = new ConnectionWorld(cluster.kubeconfigPath, log.log);
});

afterEach(async () => {
  (await world.session()).dispose();
  files.dispose();
  await Promise.all(backends.splice(0).map((backend) => backend.stop()));
  await cluster.stop();
  services.clear();
});

async function addPrometheus(name: string): Promise<void> {
  const metadata = { name, namespace: 'monitoring' };
  const spec = { ports: [{ name: 'web', port: 9090, protocol: 'TCP' }] };
  cluster.objects.create(SERVICE, { apiVersion: 'v1', kind: 'Service', metadata, spec }, false, Date.now());
  const backend = await Backend.start();
  backends.push(backend);
  services.set(`monitoring/${name}`, backend.url);
}

describe('the connection', () => {
  it('is told in rows that lead on: context, server, namespace, user, permissions, Prometheus', async () => {
    rbac.grant('', everything);
    desk.answers.push('Server');
    await world.run('showConnection');
    const [rows] = desk.texts('pick');
    expect(rows).toContain(`Context distdiag-demo |  | setting: ${cluster.kubeconfigPath}`);
    expect(rows).toContain(`Server ${cluster.kubernetesUrl}`);
    expect(rows).toContain('Namespace oceanbase |  | experiments in oceanbase, pods with ref-obcluster');
    expect(rows).toContain('User demo |  | authenticated by a token');
    expect(rows).toContain('All required permissions granted');
    expect(desk.commands).toContainEqual(['distdiag.selectCluster']);
  });

  it('can be chosen anew where the kubeconfig is damaged: the reason stands among the ways out', async () => {
    rbac.grant('', everything);
    await world.session();
    const damaged = new ConnectionWorld(files.file('damaged', 'users: [token: s3cret'), log.log);
    desk.answers.push('cannot be read');
    await damaged.run('selectCluster');
    expect(desk.texts('pick')[0]).toMatch(/The kubeconfig .*damaged cannot be read/);
    expect(desk.commands).toEqual([['workbench.action.openSettings', 'distdiag.kubeconfig']]);
  });

  it('can be a demo cluster where none runs yet', async () => {
    rbac.grant('', everything);
    desk.answers.push('Start a demo cluster');
    await world.run('selectCluster');
    expect(desk.commands).toEqual([['distdiag.startDemoCluster']]);
  });
});

describe('without permissions', () => {
  beforeEach(() => rbac.grant('', ...lookers));

  it.each([
    ['injectAnomaly', []],
    ['injectCpuStress', []],
    ['stopExperiment', ['of-others']],
    ['pauseExperiment', ['of-others']],
    ['rerunExperiment', ['of-others']],
    ['stopAllAnomalies', []],
  ])('%s says what is missing before it asks or tries anything', async (id, keys) => {
    const session = await world.session();
    const { apiVersion, kind, spec } = chaosObject({ noStatus: true });
    const labels = { 'app.kubernetes.io/managed-by': 'distdiag', 'distdiag.io/anomaly': 'cpu_stress' };
    const metadata = { name: 'running', namespace: 'oceanbase', labels };
    const resource = RESOURCES.find((one) => one.kind === kind) as Resource;
    cluster.objects.create(resource, { apiVersion, kind, metadata, spec: spec as Record<string, unknown> });
    const { experiments } = await session.experiments.list();
    expect(experiments).toHaveLength(1); // what may be seen is seen
    const rows = keys.map(() => ({ type: 'experiment', experiment: experiments[0] }));
    await world.run(id, ...rows);
    expect(desk.texts('error')[0]).toMatch(
      /^You are not allowed to .* on distdiag-demo\. Missing permission: .*stresschaos.*in oceanbase\./,
    );
    expect([desk.texts('pick'), desk.texts('warning')]).toEqual([[], []]);
    const writes = rbac.asked.filter(({ verb, name }) => name !== undefined && /create|patch|delete/.test(verb ?? ''));
    expect(writes).toEqual([]);
  });

  it('the view says that it is read-only, and the menu offers the way to ask', async () => {
    const changed = vi.fn();
    const words = new ConnectionWords(await world.session(), changed);
    await vi.waitFor(() => expect(changed).toHaveBeenCalled());
    expect(words.text).toBe('read-only · distdiag-demo · oceanbase');
    expect(desk.commands).toContainEqual(['setContext', 'distdiag.missingPermissions', true]);
    words.dispose();
  });

  it('the role to ask for is written out, copied, and enough', async () => {
    desk.answers.push('Copy');
    await world.run('showMissingPermissions');
    const text = desk.documents.get('/missing-permissions.yaml') ?? '';
    expect(text).toMatch(
      /^# Permissions that demo lacks on distdiag-demo \(https:.*\) and DistDiag needs:\n# - create/,
    );
    expect(desk.clipboard).toBe(text);
    rbac.apply(text, 'demo');
    await world.run('showMissingPermissions');
    expect(desk.texts('information').at(-1)).toBe('You have every permission DistDiag needs on distdiag-demo.');
    const words = new ConnectionWords(await world.session(), () => undefined);
    expect(words.text).toBe('distdiag-demo · oceanbase');
    words.dispose();
  });

  it('a kind that is allowed can be injected while the others are marked', async () => {
    rbac.grant('oceanbase', { apiGroups: ['chaos-mesh.org'], resources: ['networkchaos'], verbs: ['create'] });
    const { access } = await world.session();
    expect(await access.requireSome('inject', ['StressChaos', 'NetworkChaos'])).toEqual(['StressChaos']);
    await expect(access.require('inject', ['NetworkChaos'])).resolves.toBeUndefined();
  });
});

describe('Prometheus', () => {
  beforeEach(() => rbac.grant('', everything));
  const resolved = async (): Promise<string> => {
    const { resolve } = (await world.session()) as unknown as { resolve: () => Promise<{ baseUrl: string }> };
    return (await resolve()).baseUrl.replace(/^.*services\//, '');
  };

  it('of several is chosen once, for this cluster, and can be chosen anew', async () => {
    await addPrometheus('other-prometheus');
    desk.answers.push('Keep Running');
    expect(await resolved()).toBe('prometheus-operated%3A9090/proxy');
    await vi.waitFor(() => expect(world.memory.keys()).toEqual(['distdiag.prometheus.chosen']));
    expect(desk.texts('information')).toEqual([
      expect.stringContaining(
        '2 services in the cluster respond as Prometheus. Using monitoring/prometheus-operated:9090.',
      ),
    ]);
    world.reopen();
    expect(await resolved()).toBe('prometheus-operated%3A9090/proxy');
    expect(desk.texts('information')).toHaveLength(1);
    desk.answers.push('other-prometheus');
    await world.run('choosePrometheus');
    expect(desk.texts('pick')[0]).toMatch(
      /prometheus-operated:9090 \| current \| \$\(pass\) has OceanBase’s metrics, container metrics/,
    );
    expect(await resolved()).toBe('other-prometheus%3A9090/proxy');
    expect(Object.keys(world.memory.get<object>('distdiag.prometheus.chosen') ?? {})).toEqual([
      `distdiag-demo ${cluster.kubernetesUrl}`,
    ]);
    desk.answers.push('Another service', 'monitoring/prometheus-operated:web/prom');
    await world.run('choosePrometheus');
    expect(await resolved()).toBe('prometheus-operated%3Aweb/proxy/prom');
    desk.answers.push('The best service');
    await world.run('choosePrometheus');
    expect(await resolved()).toBe('prometheus-operated%3A9090/proxy');
  });

  it('is checked: the document says what was tried, what came back and what to do', async () => {
    const locked = await Backend.start({ authorization: 'Bearer other' });
    backends.push(locked);
    world.prometheusUrl = `${locked.url}/`;
    await world.run('checkPrometheus');
    const text = desk.documents.get('/prometheus-check.md') ?? '';
    expect(text).toMatch(
      /^✗ No connection to http:\S+ \(\d+ ms\): http\S+ responded with HTTP 401\. No credentials sent\.$/m,
    );
    expect(text).toContain('What to do: Set a token or a password');
    expect(desk.commands.map(([command]) => command)).toEqual(['markdown.showPreview']); // and no text beside it
  });

  it('is told with its address, its version and how it is authenticated', async () => {
    const open = await Backend.start({});
    const locked = await Backend.start({ authorization: 'Bearer tok-s3cret' });
    backends.push(open, locked);
    world.prometheusUrl = open.url;
    await world.run('checkPrometheus');
    const text = (): string => (desk.documents.get('/prometheus-check.md') ?? '').replaceAll('\\', '');
    expect(text()).toMatch(/^✓ Connected to http:\/\/127\S+ \(Prometheus 9\.9\.9, \d+ ms\)\. No credentials sent\.$/m);
    world.reopen();
    world.prometheusUrl = locked.url;
    desk.answers.push('tok-s3cret');
    await world.run('setPrometheusToken');
    await world.run('checkPrometheus');
    expect(text()).toMatch(/^✓ Connected .* Authenticated by a token\.$/m);
    world.reopen();
    world.prometheusUrl = locked.url.replace('//', '//me:pa-s3cret@');
    await world.run('showConnection');
    expect(desk.texts('pick').at(-1)).toContain(`direct: ${locked.url}`);
    expect(desk.texts('pick').at(-1)).not.toContain('pa-s3cret');
  });

  it('is let in by a token or a password that is kept for its server alone', async () => {
    const token = await Backend.start({ authorization: 'Bearer tok-s3cret' });
    const basic = `Basic ${Buffer.from('me:pa-s3cret').toString('base64')}`;
    const named = await Backend.start({ authorization: basic });
    backends.push(token, named);
    world.prometheusUrl = token.url;
    desk.answers.push(' tok-s3cret ');
    await world.run('setPrometheusToken');
    expect((await (await world.session()).prometheus.check()).attempts[0]).toMatchObject({ ok: true });
    world.reopen();
    world.prometheusUrl = `${named.url}/`;
    expect((await (await world.session()).prometheus.check()).attempts[0]).toMatchObject({ ok: false });
    expect(named.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    desk.settings.set('prometheus.url', named.url.replace('//', '//me:pa-s3cret@'));
    desk.answers.push('me', 'pa-s3cret');
    await world.run('setPrometheusPassword');
    expect((await (await world.session()).prometheus.check()).attempts[0]).toMatchObject({ ok: true });
    expect(desk.settings.get('prometheus.url')).toBe(`${named.url}/`);
    desk.answers.push('');
    await world.run('setPrometheusPassword');
    expect(world.vault.keys()).toEqual([`distdiag.prometheus:${token.url}`]);
    world.prometheusUrl = '';
    await world.run('setPrometheusToken');
    expect(desk.texts('information').at(-1)).toMatch(/which is not set/);
  });

  it('is never asked with the credentials of another: no secret is in any log, message, document or setting', async () => {
    const secret = 's3cret-4711';
    const { users } = JSON.parse(readFileSync(cluster.kubeconfigPath, 'utf8')) as {
      users: { user: { token: string } }[];
    };
    const marks = [secret, Buffer.from(`me:${secret}`).toString('base64'), users[0]?.user.token as string];
    const file = files.file('client.pem', `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----\n`);
    world.prometheusTls = { certificate: file, key: file, authority: '' };
    const locked = await Backend.start({ authorization: 'Bearer nobody' });
    backends.push(locked);
    desk.answers.push(secret);
    world.prometheusUrl = locked.url;
    await world.run('setPrometheusToken');
    await world.run('checkPrometheus');
    desk.answers.push('me', secret);
    await world.run('setPrometheusPassword');
    const thrown: unknown[] = [];
    for (const url of [
      locked.url.replace('//', `//me:${secret}@`),
      `http://me:${secret}@127.0.0.1:1/x?token=${secret}#${secret}`,
      `https://me:${secret}@127.0.0.1:${locked.port}`,
      `ftp://me:${secret}@127.0.0.1`,
    ]) {
      world.reopen();
      world.prometheusUrl = url;
      await world.run('checkPrometheus');
      await world.run('showConnection');
      const { prometheus } = await world.session();
      thrown.push(await prometheus.check());
    }
    const seen = inspect(
      [desk.shown, [...desk.documents], desk.commands, [...desk.settings], [...world.memory.values], thrown],
      {
        depth: 20,
        maxStringLength: Infinity,
        maxArrayLength: Infinity,
      },
    );
    for (const mark of marks) expect(`${seen}\n${log.text()}`).not.toContain(mark);
    expect(seen).toContain(locked.url);
    expect(locked.requests.some(({ headers }) => headers.authorization?.includes(secret))).toBe(true);
  });
});
