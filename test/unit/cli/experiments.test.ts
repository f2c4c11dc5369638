import { describe, expect, it } from 'vitest';
import { listExperiments } from '../../../src/cli/experiments';
import type { CliSession } from '../../../src/cli/session';
import { AppError } from '../../../src/core/base/errors';
import type { ChaosObject } from '../../../src/core/experiments/experiment';
import type { ExperimentSnapshot } from '../../../src/core/experiments/gateway';
import { toExperiment } from '../../../src/core/experiments/parse';
import { withMark } from '../../../src/core/scenario/mark';
import type { HeldObjects } from '../../../src/core/workflows/orchestration';

const NOW = Date.parse('2026-01-01T00:01:00Z');

async function listed(
  change: Partial<ExperimentSnapshot>,
  { json, held = {} }: { json?: string; held?: Partial<HeldObjects> } = {},
) {
  const snapshot: ExperimentSnapshot = { experiments: [], health: { state: 'live' }, missingKinds: [], ...change };
  const session = {
    context: 'demo',
    experiments: { list: () => Promise.resolve(snapshot) },
    orchestration: { list: () => Promise.resolve({ workflows: [], nodes: [], schedules: [], lost: [], ...held }) },
    clock: { now: () => NOW },
  };
  const lines: string[] = [];
  const code = await listExperiments(session as unknown as CliSession, json === undefined ? {} : { json }, (line) =>
    lines.push(line),
  );
  return { code, lines };
}

/** A stress of one pod that acts, as the server has it. */
function stress(name: string, metadata: Partial<ChaosObject['metadata']> = {}): ChaosObject {
  return {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'StressChaos',
    metadata: { name, namespace: 'db', uid: name, creationTimestamp: '2026-01-01T00:00:00Z', ...metadata },
    spec: { duration: '3m', stressors: { cpu: { workers: 2, load: 80 } } },
    status: {
      conditions: [{ type: 'Selected', status: 'True' }],
      experiment: {
        desiredPhase: 'Run',
        containerRecords: [{ id: 'db/ob-1/observer', phase: 'Injected', injectedCount: 1, recoveredCount: 0 }],
      },
    },
  };
}

it('ends with 2 where not everything could be listed', async () => {
  const missing = (code: 'forbidden' | 'notInstalled') => ({
    missingKinds: [{ kind: 'IOChaos', error: new AppError(code, 'Not allowed.') }],
  });
  expect(await listed({})).toEqual({ code: 0, lines: [] });
  expect(await listed(missing('notInstalled'))).toEqual({ code: 0, lines: [] });
  expect(await listed(missing('forbidden'))).toEqual({ code: 2, lines: ['IOChaos could not be listed: Not allowed.'] });
  expect(await listed({ onlyIn: ['db'] })).toEqual({ code: 2, lines: ['Only these namespaces could be listed: db.'] });
  const lost = [{ kind: 'Workflow', error: new AppError('unreachable', 'No response.') }];
  expect(await listed({}, { held: { lost } })).toEqual({
    code: 2,
    lines: ['Workflow could not be listed: No response.'],
  });
});

it('counts as ours what stop --all stops: also what a schedule of ours has started', async () => {
  const schedule = {
    ...stress('nightly', { labels: { 'app.kubernetes.io/managed-by': 'distdiag' } }),
    kind: 'Schedule',
  };
  const owner = { apiVersion: schedule.apiVersion, kind: 'Schedule', name: 'nightly', uid: 'nightly' };
  const experiments = [stress('a', { ownerReferences: [owner] }), stress('b')].map(toExperiment);
  const { lines } = await listed({ experiments }, { held: { schedules: [schedule] } });
  expect(lines).toEqual([
    'running\tdb/a\tours\tCPU 2 workers at 80%\tob-1',
    'running\tdb/b\tothers\tCPU 2 workers at 80%\tob-1',
  ]);
});

it("keeps others' text on its line and off the terminal's controls", async () => {
  const object = stress('a');
  object.spec = { action: 'x\u001b[2J\nrunning\tdb/b' };
  const { lines } = await listed({ experiments: [toExperiment({ ...object, kind: 'NewChaos' })] });
  expect(lines).toEqual(['running\tdb/a\tothers\tx[2J running db/b\tob-1']);
});

describe('experiments --json', () => {
  it('prints one document, with what a script needs and nothing that may hold a secret', async () => {
    const mark = { run: 'r1', name: 'busy', startedAt: 0, steps: [] };
    const ours = stress('a', { labels: { 'app.kubernetes.io/managed-by': 'distdiag' } });
    ours.metadata.annotations = { 'example.com/token': 's3cret' };
    const other = stress('b');
    delete other.spec['duration'];
    other.spec['password'] = 's3cret';
    const experiments = [withMark(ours, mark, 1), other].map(toExperiment);
    const { code, lines } = await listed({ experiments }, { json: '-' });
    expect(code).toBe(0);
    expect(lines.join()).not.toContain('s3cret');
    const stressed = {
      kind: 'StressChaos',
      namespace: 'db',
      phase: 'running',
      fault: 'cpu_stress',
      title: 'CPU stress',
      summary: 'CPU 2 workers at 80%',
      targets: [{ namespace: 'db', pod: 'ob-1', container: 'observer' }],
      createdAt: NOW - 60_000,
    };
    expect(JSON.parse(lines.join('\n'))).toEqual({
      version: 1,
      context: 'demo',
      at: NOW,
      problems: [],
      experiments: [
        {
          ...stressed,
          name: 'a',
          ours: true,
          durationMs: 180_000,
          timeLeftMs: 120_000,
          scenario: { name: 'busy', run: 'r1', step: 1 },
        },
        { ...stressed, name: 'b', ours: false },
      ],
    });
  });

  it('says within the document what could not be listed', async () => {
    const { code, lines } = await listed({ onlyIn: ['db'] }, { json: '-' });
    expect([code, JSON.parse(lines.join('\n'))]).toEqual([
      2,
      expect.objectContaining({ experiments: [], problems: ['Only these namespaces could be listed: db.'] }),
    ]);
  });

  it('escapes what would turn the words on a terminal', async () => {
    const named = { run: 'r', name: 'a\u202eb\u009b', startedAt: 0, steps: [] };
    const { lines } = await listed({ experiments: [toExperiment(withMark(stress('a'), named, 0))] }, { json: '-' });
    expect(lines.join()).toContain('a\\u202eb\\u009b');
    expect(JSON.parse(lines.join('\n')).experiments[0].scenario.name).toBe(named.name);
  });
});
