import { beforeEach, describe, expect, it } from 'vitest';
import { scenarioLanguage } from '../../../src/adapters/scenario/index';
import { ManualClock } from '../../support';
import { SCENARIO_ANNOTATION } from '../../../src/core/experiments/labels';
import { FAULTS } from '../../../src/core/faults/catalogue';
import type { TestRun } from '../../../src/core/resilience/runs/testRun';
import type { Scenario } from '../../../src/core/scenario/scenario';
import type { CommandContext } from '../../../src/ui/commands/context';
import { compareTestRuns } from '../../../src/ui/commands/scenarios/compareTestRuns';
import { newResilienceTest } from '../../../src/ui/commands/scenarios/newResilienceTest';
import { testUntried } from '../../../src/ui/commands/scenarios/testUntried';
import { target } from '../cluster/targets';
import { desk } from '../editor/desk';
import { workspace, type Uri } from '../editor/vscode';

const opened: { path: string; text: string }[] = [];
const documents: { uri: Uri }[] = [];
Object.assign(workspace, {
  textDocuments: documents,
  openTextDocument: (uri: Uri) => {
    documents.push({ uri });
    return Promise.resolve({ uri });
  },
});
workspace.applyEdit = ({ edits }) => {
  opened.push(...edits.map(({ uri, text }) => ({ path: uri.path, text })));
  return Promise.resolve(true);
};

const where = 'dev https://one';
const run = (id: string, atMs: number, given: Partial<TestRun> = {}): TestRun => ({
  id,
  where,
  context: 'dev',
  scenario: 'busy',
  verdict: 'passed',
  reason: undefined,
  phases: { before: { fromMs: atMs - 10, toMs: atMs - 1 }, faultFromMs: atMs, faultToMs: atMs, endMs: atMs },
  steps: [{ fault: 'cpu_stress', pods: ['n0'], parameters: {} }],
  outcomes: [],
  ...given,
});

let runs: TestRun[];
let compared: string[][];
let context: CommandContext;
const injected: unknown[] = [];

beforeEach(() => {
  desk.clear();
  opened.length = 0;
  runs = [];
  compared = [];
  const session = {
    context: 'dev',
    server: 'https://one',
    config: { query: { namespace: 'oceanbase', labelSelector: '', container: 'observer' } },
    targets: { list: () => Promise.resolve(['n0', 'n1', 'n2'].map((pod) => target({ pod }))) },
    injection: new Proxy({}, { get: () => injected.push('asked') }),
  };
  context = {
    sessions: { current: () => Promise.resolve(session) },
    scenarioLanguage: () => Promise.resolve(scenarioLanguage),
    clock: new ManualClock(1_000_000),
    history: { entries: [], load: () => Promise.resolve() },
    testRuns: { of: () => Promise.resolve(runs) },
    panel: {
      show: () => undefined,
      tests: { compare: (before: TestRun, now: TestRun) => compared.push([before.id, now.id]) },
    },
  } as unknown as CommandContext;
});

/** The scenario of the file that was opened. */
function scenario(): Scenario {
  const { scenario: read, issues } = scenarioLanguage.read(opened[0]?.text ?? '');
  expect(issues).toEqual([]);
  return read as Scenario;
}

describe('a new resilience test', () => {
  it('offers every fault, and opens its test as a scenario file that is saved nowhere', async () => {
    desk.answers.push('Disk stress');
    await newResilienceTest.run(context);
    expect(desk.texts('pick')[0]?.split('\n').length).toBeGreaterThanOrEqual(FAULTS.length);
    expect(opened.map(({ path }) => path)).toEqual(['disk-stress-on-one-node.scenario.yaml']);
    expect(scenario()).toMatchObject({ steps: [{ anomaly: 'disk_stress' }] });
    expect(desk.texts('information')[0]).toContain('Nothing was injected');
    desk.answers.push('Disk stress');
    await newResilienceTest.run(context);
    expect(opened.at(-1)?.path).toBe('disk-stress-on-one-node-2.scenario.yaml');
  });

  it('opens nothing where the question is left', async () => {
    desk.answers.push(undefined);
    await newResilienceTest.run(context);
    expect(opened).toEqual([]);
  });
});

describe('a test of what is missing', () => {
  it('of one cell is that fault on that node', async () => {
    await testUntried.run(context, { fault: 'pod_kill', target: 'n1' });
    expect(scenario().steps).toMatchObject([{ anomaly: 'pod_kill', targets: [{ pod: 'n1' }] }]);
    expect(injected).toEqual([]);
  });

  it('says where the fault was tried meanwhile', async () => {
    runs = [run('a', 1000)];
    await testUntried.run(context, { fault: 'cpu_stress', target: 'n0' });
    expect(opened).toEqual([]);
    expect(desk.texts('information')[0]).toContain('Already tried');
  });

  it('leaves the choice, and offers nothing that was tried', async () => {
    runs = [run('a', 1000)];
    desk.answers.push('CPU stress');
    await testUntried.run(context);
    expect(scenario().steps.map(({ targets }) => targets)).toEqual([[{ pod: 'n1' }], [{ pod: 'n2' }]]);
    expect(injected).toEqual([]);
  });
});

describe('two runs', () => {
  it('are needed', async () => {
    runs = [run('a', 1000)];
    await compareTestRuns.run(context);
    await compareTestRuns.run(context, { label: 'slow' });
    expect(desk.texts('information')).toEqual([
      expect.stringContaining('Two runs are needed'),
      expect.stringContaining('"slow"'),
    ]);
  });

  it('of the user’s choice are compared, the last that passed being offered first', async () => {
    runs = [run('c', 3000, { verdict: 'failed' }), run('b', 2000, { verdict: 'failed' }), run('a', 1000)];
    desk.answers.push('busy', 'busy');
    await compareTestRuns.run(context);
    expect(compared).toEqual([['a', 'c']]);
    expect(desk.texts('pick')[1]).toMatch(/^Compare it with\n[^\n]*busy[^\n]*Passed · last passed/);
  });

  it('of a test of the Testing view are those of its scenario', async () => {
    runs = [run('c', 3000), run('x', 2500, { scenario: 'slow' }), run('a', 1000)];
    desk.answers.push('busy', 'busy');
    await compareTestRuns.run(context, { label: 'throughput', parent: { label: 'busy' } });
    expect(desk.texts('pick')[0]).not.toContain('slow');
    expect(compared).toEqual([['a', 'c']]);
  });

  it('of a row of the history begin with the run that it belongs to', async () => {
    runs = [run('c', 3000), run('b', 2000), run('a', 1000)];
    const object = { metadata: { annotations: { [SCENARIO_ANNOTATION]: 'busy' } } };
    desk.answers.push('busy');
    await compareTestRuns.run(context, { entry: { experiment: { object, createdAt: 1999, injectedAt: 2001 } } });
    expect(compared).toEqual([['a', 'b']]);
  });
});
