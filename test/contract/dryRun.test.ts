import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';
import { temporaryFolder } from '../temporary';
import { buildProgram, startProgram, type ProgramEnd } from './cliProgram';

const directory = temporaryFolder('dry-run');
let program: string;
let cluster: DemoCluster;
/** What reached the API server of the cluster: `GET /api/v1/pods`. */
let requests: string[] = [];

const REQUESTS = 'http.server.request.start';
function note(message: unknown): void {
  const { request } = message as { request: IncomingMessage };
  if (request.socket.localPort === Number(new URL(cluster.kubernetesUrl).port))
    requests.push(`${request.method} ${request.url?.replace(/\?.*/, '')}`);
}

/** What a server keeps, or acts on. Who one is and what one may do is asked by POST. */
const writes = (): string[] =>
  requests.filter((one) => !one.startsWith('GET ') && !/^POST \/apis\/auth\w+\.k8s\.io\/v1\/selfsubject\w+$/.test(one));

const scenario = (expectations: string, faults = '{index: 0}'): string => `apiVersion: distdiag.io/v1
kind: Scenario
name: busy
steps:
  - {name: busy, anomaly: cpu_stress, targets: ${faults}, duration: 15s}
expect:
${expectations}`;

const STEADY = `  - {name: quiet, metric: cpu.used, at-most: 300%}
  - {name: back, recovers: {metric: cpu.used}}
  - {name: restarts, restarts: {max: 0}}
`;

function run(tests: Readonly<Record<string, string>>, ...options: string[]): Promise<ProgramEnd> {
  const files = Object.entries(tests).map(([name, text]) => {
    const file = path.join(directory, `${name}.scenario.yaml`);
    writeFileSync(file, text);
    return file;
  });
  const common = ['--kubeconfig', cluster.kubeconfigPath, '--step', '5'];
  return startProgram(program, ['run', ...files, ...common, ...options]).ended;
}

beforeAll(async () => {
  program = await buildProgram(directory);
  cluster = await startDemoCluster({ directory, seed: 5 });
}, 300_000);
afterAll(() => cluster?.stop());
beforeEach(() => {
  requests = [];
  subscribe(REQUESTS, note);
});
afterEach(() => unsubscribe(REQUESTS, note));

describe('distdiag run --dry-run', () => {
  it('says what would be hit and by what it would be judged, and changes nothing in the cluster', async () => {
    const { code, output } = await run({ busy: scenario(STEADY) }, '--dry-run');
    const [pod] = cluster.topology.pods;
    const amount = String.raw`[\d.]+ cores`;
    expect(output.split('\n')).toEqual([
      'busy on distdiag-demo',
      `  +0s CPU stress on ${pod?.name} for 15s`,
      '  1 of 3 database pods (33%)',
      expect.stringMatching(
        new RegExp(String.raw`^ {2}quiet: cpu\.used \(mean of all nodes\) ≤ ${amount} \(baseline ${amount}\)\.$`),
      ),
      expect.stringMatching(
        new RegExp(String.raw`^ {2}back: cpu\.used .* within 10% of its baseline \(${amount}\) after at most 2m\.$`),
      ),
      '  restarts: Restarts: at most 0.',
      '  The database is in its steady state. Nothing was injected.',
      'steady: busy',
      '',
    ]);
    expect(code).toBe(0);
    expect(requests.length).toBeGreaterThan(0);
    expect(writes()).toEqual([]);
  }, 300_000);

  it('needs no --confirm-context, and says that the run does; a wrong one is refused', async () => {
    const guarded = ['--dry-run', '--protect-context', 'distdiag-*'];
    const most = { most: scenario(STEADY, '[{index: 0}, {index: 1}]') };
    const without = await run(most, ...guarded);
    expect(without.output).toContain('  warning: The context "distdiag-demo" is protected by --protect-context.\n');
    expect(without.output).toContain('  warning: 2 of the 3 database pods are affected: ');
    expect(without.output).toContain('  To run it, give --confirm-context distdiag-demo.\n');
    expect([without.code, without.output]).toEqual([0, expect.stringContaining('steady: busy\n')]);
    const agreed = await run(most, ...guarded, '--confirm-context', 'distdiag-demo');
    expect([agreed.code, agreed.output]).toEqual([0, expect.not.stringContaining('To run it')]);
    const wrong = await run(most, ...guarded, '--confirm-context', 'another');
    expect(wrong.output).toContain('--confirm-context another is not the context; it is "distdiag-demo"');
    expect(wrong.code).toBe(2);
    expect(writes()).toEqual([]);
  }, 300_000);

  it('ends with 2 where one of the tests could not be run or the database is not steady', async () => {
    const { code, output } = await run(
      {
        none: scenario(STEADY, '{index: 9}'),
        hot: scenario('  - {name: hot, metric: cpu.used, max: 0}\n'),
        fine: scenario(STEADY),
      },
      '--dry-run',
    );
    expect(output).toMatch(/^ {2}.+\nerror: busy\n/);
    expect(output).toMatch(
      / {2}The database is not in its steady state: "hot": .* Nothing was injected\.\nnot steady: busy\n/,
    );
    expect(output).toMatch(/\nsteady: busy\n$/);
    expect(code).toBe(2);
    expect(writes()).toEqual([]);
  }, 300_000);

  it('would be seen if it injected, as a run is', async () => {
    await run({ busy: scenario(STEADY.split('\n').at(-2) ?? '').replace('15s', '5s') });
    expect(writes()).toContain('POST /apis/chaos-mesh.org/v1alpha1/namespaces/oceanbase/stresschaos');
  }, 300_000);
});
