import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';
import { buildProgram } from './cliProgram';
import { temporaryFolder } from '../temporary';

const root = path.join(__dirname, '../..');
const directory = temporaryFolder('actions');
/** A repository with tests, as the page has it. */
const repository = path.join(directory, 'repository');
let cluster: DemoCluster;

interface Step {
  run?: string;
  env?: Record<string, string>;
}

/** The steps of the page's workflow that run something. */
function stepsOfThePage(): Step[] {
  const page = readFileSync(path.join(root, 'docs/resilience-tests.md'), 'utf8');
  const [, yaml = ''] = /^## GitHub Actions\n[^]*?^```yaml\n([^]*?)^```/m.exec(page) ?? [];
  const { jobs } = parse(yaml) as { jobs: { resilience: { steps: Step[] } } };
  return jobs.resilience.steps.filter(({ run }) => run !== undefined);
}

/** Runs a step as GitHub does: each in a shell of its own that ends at the first error, with the secrets filled in. */
function runStep(
  { run = '', env = {} }: Step,
  secrets: Record<string, string>,
  started: (shell: ChildProcess) => void = () => undefined,
): Promise<{ code: number; output: string }> {
  const filled = Object.entries(env).map(([name, value]) => [
    name,
    value.replace(/\$\{\{ secrets\.(\w+) \}\}/g, (_, secret: string) => secrets[secret] ?? ''),
  ]);
  return new Promise((resolve) => {
    const child = spawn('bash', ['-e', '-c', run], {
      cwd: repository,
      env: {
        ...process.env,
        CI: 'true',
        RUNNER_TEMP: directory,
        npm_config_cache: path.join(directory, 'npm'),
        npm_config_offline: 'true', // the package needs no other
        ...Object.fromEntries(filled),
      },
    });
    started(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += String(part)));
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

/** The demo's kubeconfig; its context has the name that the page's workflow confirms. */
function kubeconfig(): string {
  const config = JSON.parse(readFileSync(cluster.kubeconfigPath, 'utf8')) as { contexts: { name: string }[] };
  const contexts = config.contexts.map((one) => ({ ...one, name: 'staging' }));
  return JSON.stringify({ ...config, contexts, 'current-context': 'staging' });
}

beforeAll(async () => {
  const build = path.join(directory, 'build');
  mkdirSync(build);
  await buildProgram(build);
  const tools = path.join(repository, 'tools');
  for (const folder of ['tools', 'tests']) mkdirSync(path.join(repository, folder), { recursive: true });
  const script = ['scripts/npm-package.mjs', '--from', build, '--to', tools];
  const { stdout, stderr, status } = spawnSync(process.execPath, script, { cwd: root, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  renameSync(stdout.trim(), path.join(tools, 'distdiag.tgz'));
  // Longer than the default step of 15 s: a shorter fault may fall between two samples.
  const test = `apiVersion: distdiag.io/v1
kind: Scenario
name: one busy node
steps:
  - {name: busy, anomaly: cpu_stress, targets: {index: 0}, duration: 20s}
expect:
  - {name: others, metric: cpu.used, of: others, at-most: 300%, for: 15s}
`;
  writeFileSync(path.join(repository, 'tests/busy.scenario.yaml'), test);
  cluster = await startDemoCluster({ directory, seed: 5 });
}, 300_000);
afterAll(async () => {
  await cluster?.stop();
});

describe('the workflow for GitHub Actions in docs/resilience-tests.md', () => {
  it('runs as it stands there, with the packed program, and leaves nothing', async () => {
    const secrets = { KUBECONFIG: kubeconfig() };
    const steps = stepsOfThePage();
    expect(steps).toHaveLength(5);
    for (const step of steps) {
      const { code, output } = await runStep(step, secrets);
      expect(code, `${step.run}\n${output}`).toBe(0);
    }
    const junit = readFileSync(path.join(repository, 'reports/junit.xml'), 'utf8');
    expect(junit).toMatch(/<testsuite name="one busy node" [^>]*tests="1" failures="0" errors="0" skipped="0"/);
    expect(cluster.board.all()).toEqual([]);
  }, 300_000);

  it('stops the fault where only the shell of the step is interrupted', async () => {
    const secrets = { KUBECONFIG: kubeconfig() };
    const step = stepsOfThePage().find(({ run = '' }) => run.includes('distdiag.js" run'));
    let shell: ChildProcess | undefined;
    const ended = runStep(step as Step, secrets, (child) => (shell = child));
    await expect.poll(() => cluster.board.all().length, { timeout: 240_000, interval: 200 }).toBeGreaterThan(0);
    shell?.kill('SIGINT');
    const { code, output } = await ended;
    expect(code, output).toBe(3);
    expect(cluster.board.all()).toEqual([]);
  }, 300_000);

  it('fails where a file has an error', async () => {
    writeFileSync(path.join(repository, 'tests/bad.scenario.yaml'), 'apiVersion: distdiag.io/v1\nkind: Scenario\n');
    const [, check] = stepsOfThePage();
    const { code, output } = await runStep(check as Step, {});
    expect(code).toBe(1);
    expect(output).toMatch(/tests\/bad\.scenario\.yaml:1:1: error: /);
  }, 300_000);
});
