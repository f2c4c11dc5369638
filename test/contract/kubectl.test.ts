import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';
import { until } from '../until';

const present = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;
if (!present) console.log('kubectl is not on this machine: its tests are left out');

/** As a person writes it by hand. */
const HAND_WRITTEN = `apiVersion: chaos-mesh.org/v1alpha1
kind: StressChaos
metadata:
  name: by-hand
  namespace: oceanbase
spec:
  mode: one
  selector:
    labelSelectors:
      ref-obcluster: obcluster
  duration: 10m
  stressors:
    cpu:
      workers: 1
      load: 100
`;

describe.skipIf(!present)('kubectl', () => {
  let directory: string;
  let cluster: DemoCluster;
  const children = new Set<ChildProcess>();

  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'distdiag-kubectl-'));
    cluster = await startDemoCluster({ directory, historyMinutes: 2, speed: 10 });
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const child of children) child.kill();
    children.clear();
    await kubectl('delete', 'stresschaos', '--all', '--wait');
  });

  const base = (): string[] => ['--kubeconfig', cluster.kubeconfigPath, '--cache-dir', path.join(directory, 'cache')];
  const kubectl = (...words: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile('kubectl', [...base(), ...words], (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err });
      });
    });
  const file = (name: string, content: string): string => {
    const at = path.join(directory, name);
    writeFileSync(at, content);
    return at;
  };
  const lines = (text: string): string[][] =>
    text
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/));

  it('shows the pods with their zones', async () => {
    const { code, out } = await kubectl('get', 'pods', '-n', 'oceanbase', '-L', 'ref-obzone');
    expect(code).toBe(0);
    const [head, ...rows] = lines(out);
    expect(head).toEqual(['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE', 'REF-OBZONE']);
    expect(rows.map((row) => [row[0], row[1], row[2], row[5]])).toEqual(
      cluster.topology.pods.map(({ name, zone }) => [name, '2/2', 'Running', `obcluster-1-${zone}`]),
    );
  });

  it('applies, waits for, describes and deletes a StressChaos written by hand', async () => {
    const manifest = file('stress.yaml', HAND_WRITTEN);
    expect(await kubectl('apply', '-f', manifest)).toMatchObject({
      code: 0,
      out: 'stresschaos.chaos-mesh.org/by-hand created\n',
    });
    expect(await kubectl('wait', '--for=condition=AllInjected', 'stresschaos/by-hand', '--timeout=30s')).toMatchObject({
      code: 0,
    });
    expect(cluster.board.all()).toHaveLength(1);
    expect(lines((await kubectl('get', 'stresschaos', '-A')).out)).toEqual([
      ['NAMESPACE', 'NAME', 'DURATION'],
      ['oceanbase', 'by-hand', '10m'],
    ]);
    const { out } = await kubectl('describe', 'stresschaos', 'by-hand');
    expect(out).toMatch(/Desired Phase:\s+Run/);
    expect(out).toMatch(/Normal\s+Applied\s.*Successfully apply chaos for oceanbase\//);
    expect((await kubectl('apply', '-f', manifest)).out).toBe('stresschaos.chaos-mesh.org/by-hand unchanged\n');
    expect(await kubectl('delete', 'stresschaos', 'by-hand', '--wait')).toMatchObject({ code: 0 });
    expect(cluster.board.all()).toHaveLength(0);
    expect((await kubectl('get', 'stresschaos', 'by-hand')).err).toContain(
      'stresschaos.chaos-mesh.org "by-hand" not found',
    );
  });

  it('refuses a wrong field by its name, and a changed spec', async () => {
    const wrong = file('wrong.yaml', HAND_WRITTEN.replace('load:', 'lode:'));
    const refused = await kubectl('apply', '-f', wrong);
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain('unknown field "spec.stressors.cpu.lode"');
    const many = await kubectl('create', '-f', file('many.yaml', HAND_WRITTEN.replace('workers: 1', 'workers: 9000')));
    expect(many.err).toContain('spec.stressors.cpu.workers: Invalid value: 9000');
    expect((await kubectl('create', '--dry-run=server', '-f', file('stress.yaml', HAND_WRITTEN))).out).toContain(
      'created (server dry run)',
    );
    await kubectl('create', '-f', file('stress.yaml', HAND_WRITTEN));
    const changed = await kubectl('apply', '-f', file('changed.yaml', HAND_WRITTEN.replace('10m', '20m')));
    expect(changed.err).toContain('Cannot update chaos spec');
    expect((await kubectl('delete', '--dry-run=server', 'stresschaos', 'by-hand')).out).toContain(
      'deleted (server dry run)',
    );
    expect((await kubectl('get', 'stresschaos', 'by-hand')).code).toBe(0);
  });

  it('answers what one may do, and who one is', async () => {
    expect((await kubectl('auth', 'can-i', 'create', 'stresschaos.chaos-mesh.org')).out.trim()).toBe('yes');
    expect((await kubectl('auth', 'can-i', '--list')).out).toContain('[*]');
    expect((await kubectl('auth', 'whoami')).out).toContain('system:masters');
  });

  it('makes a namespace, and shows all of one', async () => {
    expect(await kubectl('create', 'namespace', 'made')).toMatchObject({ code: 0 });
    expect((await kubectl('get', 'all', '-n', 'oceanbase', '-o', 'name')).out).toMatch(/^pod\/obcluster/);
    expect(await kubectl('delete', 'namespace', 'made')).toMatchObject({ code: 0 });
  });

  it('sorts by any field', async () => {
    const { out } = await kubectl('get', 'pods', '-n', 'oceanbase', '--sort-by', '.status.podIP', '-o', 'wide');
    expect(
      lines(out)
        .slice(1, 4)
        .map((cells) => cells[5]),
    ).toEqual(cluster.topology.pods.map(({ ip }) => ip));
  });

  it('watches', async () => {
    const child = spawn('kubectl', [...base(), 'get', 'stresschaos', '-A', '-w', '--output-watch-events'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.add(child);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const seen = (wanted: RegExp): Promise<boolean> => until(`kubectl prints ${wanted}`, () => wanted.test(text));
    await kubectl('apply', '-f', file('stress.yaml', HAND_WRITTEN));
    await seen(/ADDED\s+oceanbase\s+by-hand\s+10m/);
    await kubectl('annotate', 'stresschaos', 'by-hand', 'note=seen');
    await seen(/MODIFIED\s+oceanbase\s+by-hand\s+10m/);
    await kubectl('delete', 'stresschaos', 'by-hand');
    await seen(/DELETED\s+oceanbase\s+by-hand\s+10m/);
    expect(text.match(/NAMESPACE/g)).toHaveLength(1);
  });

  it('pauses by an annotation', async () => {
    await kubectl('apply', '-f', file('stress.yaml', HAND_WRITTEN));
    await kubectl('wait', '--for=condition=AllInjected', 'stresschaos/by-hand', '--timeout=30s');
    await kubectl('annotate', 'stresschaos', 'by-hand', 'experiment.chaos-mesh.org/pause=true');
    expect((await kubectl('wait', '--for=condition=AllRecovered', 'stresschaos/by-hand', '--timeout=30s')).code).toBe(
      0,
    );
    expect(cluster.board.all()).toHaveLength(0);
  });

  it('reaches Prometheus through the API server', async () => {
    const { out } = await kubectl(
      'get',
      '--raw',
      '/api/v1/namespaces/monitoring/services/http:prometheus-operated:9090/proxy/api/v1/query?query=up',
    );
    expect(JSON.parse(out)).toMatchObject({ status: 'success', data: { resultType: 'vector' } });
  });
});
