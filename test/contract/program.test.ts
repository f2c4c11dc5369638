import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';
import { readResults } from '../../src/core/testResults/resultsFile';
import { resourceOf } from '../real/paths';
import { buildProgram, startProgram, type ProgramEnd } from './cliProgram';
import { temporaryFolder } from '../temporary';

const directory = temporaryFolder('program');
let program: string;
const scenario = (expectations: string, duration = '15s', steps = ''): string => `apiVersion: distdiag.io/v1
kind: Scenario
name: busy
steps:
  - {name: busy, anomaly: cpu_stress, targets: {index: 0}, duration: ${duration}}
${steps}expect:
${expectations}`;

/** Writes a file into the test's folder. */
function file(name: string, text: string): string {
  const where = path.join(directory, name);
  writeFileSync(where, text);
  return where;
}

/** Runs the program; `onOutput` may signal it. */
const distdiag = (
  args: string[],
  onOutput: (output: string, kill: () => void) => void = () => {},
): Promise<ProgramEnd> =>
  startProgram(program, args, (output, child) => onOutput(output, () => child.kill('SIGINT'))).ended;

beforeAll(async () => {
  program = await buildProgram(directory);
}, 300_000);
describe('distdiag check', () => {
  it('tells errors with their places, and ends with 1 where there are any', async () => {
    const good = file('good.scenario.yaml', scenario('  - {restarts: {max: 0}}\n'));
    const bad = file('bad.scenario.yaml', scenario('  - {metric: cpu.usd, max: 1}\n'));
    const trap = file('trap.chaos.yaml', 'apiVersion: chaos-mesh.org/v1alpha1\nkind: NetworkChaoss\nspec: {}\n');
    expect(await distdiag(['check', good])).toEqual({ code: 0, output: '1 file checked, no errors.\n' });
    const { code, output } = await distdiag(['check', good, bad, trap]);
    expect(code).toBe(1);
    expect(output).toMatch(/bad\.scenario\.yaml:7:\d+: error: Unknown metric "cpu\.usd"\. Did you mean cpu\.used\?/);
    expect(output).toMatch(/trap\.chaos\.yaml:2:\d+: error: /);
    expect((await distdiag(['check', path.join(directory, 'none.yaml')])).code).toBe(2);
  });
});

describe('distdiag run', () => {
  let cluster: DemoCluster;
  let common: string[];
  beforeEach(async () => {
    cluster = await startDemoCluster({ directory, seed: 5 });
    common = ['--kubeconfig', cluster.kubeconfigPath, '--step', '5'];
  });
  afterEach(() => cluster.stop());

  it('ends with 1 where the database does not bear it, with reports', async () => {
    const test = file(
      'busy.scenario.yaml',
      scenario('  - {name: quiet, metric: cpu.used, of: targets, at-most: 110%}\n  - {restarts: {max: 0}}\n', '30s'),
    );
    const [junit, json] = ['junit.xml', 'report.json'].map((name) => path.join(directory, name)) as [string, string];
    const { code, output } = await distdiag([
      'run',
      test,
      ...common,
      '--junit',
      junit,
      '--json',
      json,
      '--html',
      `${json}.html`,
    ]);
    expect(output).not.toContain('Warning');
    expect(output).toMatch(
      /failed: quiet: cpu\.used \(mean of targets\) ≤ [\d.]+ cores \(baseline [\d.]+ cores\)\. Worst: /,
    );
    expect(code).toBe(1);
    expect(readFileSync(junit, 'utf8')).toMatch(/<testsuite name="busy" [^>]*tests="2" failures="1"/);
    expect(JSON.parse(readFileSync(json, 'utf8')).tests[0]).toMatchObject({ verdict: 'failed', left: [] });
    // What the editor imports.
    const { runs, problems, notRun } = readResults(readFileSync(json, 'utf8'));
    const [pod] = cluster.topology.pods;
    const where = `distdiag-demo ${cluster.kubernetesUrl}`;
    expect([runs, problems, notRun]).toEqual([[expect.objectContaining({ where, verdict: 'failed' })], [], 0]);
    const pods = cluster.topology.pods.map(({ name }) => name);
    expect(runs[0]?.steps).toEqual([
      { fault: 'cpu_stress', pods: [pod?.name], parameters: expect.any(Object), leader: expect.toBeOneOf(pods) },
    ]);
    const page = readFileSync(`${json}.html`, 'utf8');
    expect(page).toContain('CPU stress on obcluster-1-zone1');
    expect(page).toMatch(/<svg/);
    expect(page).toContain('<h3>Diagnosis</h3>');
    expect(page).toContain('Diagnosed by');
    expect(page).toContain('Anomaly score');
    const { output: listed } = await distdiag(['experiments', ...common]);
    expect(listed).toMatch(/^finished\toceanbase\/cpu-stress/);
    const { code: listCode, output: document } = await distdiag(['experiments', ...common, '--json']);
    expect([listCode, JSON.parse(document)]).toEqual([
      0,
      {
        version: 1,
        context: 'distdiag-demo',
        at: expect.any(Number),
        problems: [],
        experiments: [
          expect.objectContaining({
            phase: 'finished',
            ours: true,
            fault: 'cpu_stress',
            targets: [{ namespace: 'oceanbase', pod: pod?.name, container: 'observer' }],
            durationMs: 30_000,
            scenario: { name: 'busy', run: expect.any(String), step: 0 },
          }),
        ],
      },
    ]);
    expect((await distdiag(['stop', '--all', ...common])).code).toBe(0);
    expect((await distdiag(['experiments', ...common])).output).toBe('');
  }, 300_000);

  it('prints the diagnosis as one JSON document, with the exit code of its state', async () => {
    const { code, output } = await distdiag(['diagnose', '--json', ...common]);
    const { state, graph } = JSON.parse(output);
    expect(code).toBe({ normal: 0, anomalous: 1 }[state as string] ?? 2);
    expect(graph.weights).toHaveLength(graph.nodes.length ** 2);
  }, 300_000);

  /** Interrupts the program once, as soon as a fault acts in the database. */
  const killOnceActing = (first: () => void = () => {}): ((output: string, kill: () => void) => void) => {
    let waiting: NodeJS.Timeout | undefined;
    return (_, kill) => {
      waiting ??= setInterval(() => {
        if (cluster.board.all().length === 0) return;
        clearInterval(waiting);
        first();
        kill();
      }, 50);
    };
  };

  it('that is interrupted stops everything of the test, and ends with 3', async () => {
    const test = file('long.scenario.yaml', scenario('  - {metric: cpu.used, max: 1000}\n', '10m'));
    const { code, output } = await distdiag(['run', test, ...common], killOnceActing());
    expect(output).toContain('  Interrupted; all experiments of this test are deleted.\naborted: busy');
    expect(code).toBe(3);
    expect(cluster.board.all()).toEqual([]);
    expect((await distdiag(['experiments', ...common])).output).toBe('');
  }, 300_000);

  it('refuses a report that it could not write before it does anything', async () => {
    const test = file('unreported.scenario.yaml', scenario('  - {restarts: {max: 0}}\n'));
    const [junit, json] = [path.join(file('file', ''), 'junit.xml'), path.join(directory, 'written', 'run.json')];
    const { code, output } = await distdiag(['run', test, ...common, '--junit', junit, '--json', json]);
    expect([code, output]).toEqual([
      2,
      `distdiag: --junit ${junit} cannot be written: ${path.join(directory, 'file')} is a file, not a folder.\n`,
    ]);
    expect(existsSync(path.dirname(json))).toBe(false);
  }, 300_000);

  it('asks Prometheus for nothing in order to stop', async () => {
    let asked = 0;
    const silent = createServer(() => (asked += 1)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const { code } = await distdiag(['stop', '--all', ...common, '--prometheus', `http://127.0.0.1:${port}`]);
    silent.closeAllConnections();
    silent.close();
    expect({ code, asked }).toEqual({ code: 0, asked: 0 });
  }, 300_000);

  it('that is interrupted twice leaves at once, and says what still runs and how to stop it', async () => {
    const test = file('long.scenario.yaml', scenario('  - {metric: cpu.used, max: 1000}\n', '10m'));
    // Chaos Mesh is gone, and recovers nothing: the stop has to wait.
    const first = killOnceActing(() => (cluster.controls.stopped = true));
    let again = false;
    const { code, output } = await distdiag(['run', test, ...common], (said, kill) => {
      first(said, kill);
      if (again || !said.includes('is being stopped')) return;
      again = true;
      kill();
    });
    expect(code).toBe(3);
    const [, name, stop = ''] =
      /These may still run:\n {2}StressChaos oceanbase\/(\S+), .*\nTo stop them: node \S+ (.*)\n/.exec(output) ?? [];
    expect(cluster.objects.list(resourceOf('StressChaos')).map(({ metadata }) => metadata.name)).toEqual([name]);
    // What it says does it.
    cluster.controls.stopped = false;
    expect((await distdiag(stop.split(' '))).code).toBe(0);
    expect(cluster.board.all()).toEqual([]);
  }, 300_000);

  it('changes nothing on what is protected, nor for a majority, unless the context is named', async () => {
    const test = file('guarded.scenario.yaml', scenario('  - {metric: cpu.used, max: 0, during: before}\n'));
    const guarded = ['run', test, ...common, '--protect-context', 'distdiag-*'];
    const refused = await distdiag(guarded);
    expect(refused.code).toBe(2);
    expect(refused.output).toContain('give --confirm-context distdiag-demo');
    const wrong = await distdiag([...guarded, '--confirm-context', 'another']);
    expect(wrong.output).toContain('--confirm-context another is not the context; it is "distdiag-demo"');
    expect(wrong.output).toContain('give --confirm-context distdiag-demo');
    // Agreed to, it gets as far as the steady state, which is not as expected.
    const agreed = await distdiag([...guarded, '--confirm-context', 'distdiag-demo']);
    expect(agreed.output).toMatch(/Nothing was injected.*\ninconclusive: busy/);
    expect((await distdiag(['experiments', ...common])).output).toBe('');
  }, 300_000);

  it('ends with 2 where it cannot run', async () => {
    const test = file('none.scenario.yaml', scenario('').replace('expect:\n', ''));
    const { code, output } = await distdiag(['run', test, ...common]);
    expect([code, output]).toEqual([2, expect.stringContaining('This scenario is not a test.')]);
    expect((await distdiag(['run', ...common])).code).toBe(2);
    expect((await distdiag(['run', test, '--kubeconfig', path.join(directory, 'none')])).code).toBe(2);
  }, 300_000);
});
