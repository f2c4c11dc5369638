import { describe, expect, it, vi } from 'vitest';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { recordExperiments } from '../../../src/core/learning/recorder';
import type { Recording } from '../../../src/core/learning/recording';
import type { TargetGateway } from '../../../src/core/cluster/databasePod';
import type { RecordingStore } from '../../../src/core/learning/recording';
import type { MetricSource } from '../../../src/core/metrics/source';
import { CREATED, experiment } from '../experiments/experiments';
import { FakeGateway } from '../injection/fakes';
import { ManualClock, settle, silentLog } from '../../support';

const MINUTE = 60_000;

function setUp(enabled = true) {
  const clock = new ManualClock(CREATED);
  const gateway = new FakeGateway();
  const store = new ExperimentStore({ gateway, clock });
  const kept = new Map<string, Recording>();
  const recordings: RecordingStore = {
    has: async (id) => kept.has(id),
    save: async (recording) => void kept.set(recording.id, recording),
    all: async () => [...kept.values()],
  };
  const fetch = vi.fn<MetricSource['fetch']>(async ({ fromMs, toMs, stepMs }) => {
    const timestamps = Float64Array.from({ length: (toMs - fromMs) / stepMs + 1 }, (_, i) => fromMs + i * stepMs);
    const values = new Float64Array(timestamps.length).fill(1);
    return {
      timestamps,
      stepMs,
      nodes: ['ob-1'],
      series: [{ metric: 'cpu.used', node: 'ob-1', values }],
      problems: [],
    };
  });
  const recorder = recordExperiments({
    store,
    targets: { list: async () => [] } as unknown as TargetGateway,
    query: { namespace: 'oceanbase', labelSelector: 'x', container: 'observer' },
    metrics: { fetch } as unknown as MetricSource,
    recordings,
    enabled: () => enabled,
    clock,
    log: silentLog,
    stepMs: 15_000,
  });
  store.subscribe(() => undefined);
  return { clock, gateway, kept, fetch, recorder };
}

const running = experiment({ records: [{ appliedAfterMs: 1000 }] });
const finished = experiment({
  desired: 'Stop',
  records: [{ phase: 'Not Injected', appliedAfterMs: 1000, recoveredAfterMs: 3 * MINUTE }],
});

describe('the recorder', () => {
  it('records an experiment of ours once, a while after its end', async () => {
    const { clock, gateway, kept, fetch } = setUp();
    gateway.show(running);
    clock.advance(3 * MINUTE);
    await settle();
    gateway.show(finished);
    expect(fetch).not.toHaveBeenCalled();
    clock.advance(MINUTE);
    await settle();
    expect([...kept.values()]).toMatchObject([
      { types: ['cpu_stress'], runs: [{ id: 'ob-1', types: ['cpu_stress'] }] },
    ]);
    gateway.show(finished);
    clock.advance(5 * MINUTE);
    await settle();
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('records nothing without consent, and nothing of others', async () => {
    for (const [enabled, ours] of [
      [false, true],
      [true, false],
    ] as const) {
      const { clock, gateway, fetch } = setUp(enabled);
      gateway.show(experiment({ records: [{ appliedAfterMs: 1000 }], ours }));
      clock.advance(3 * MINUTE);
      await settle();
      gateway.show();
      clock.advance(5 * MINUTE);
      await settle();
      expect(fetch).not.toHaveBeenCalled();
    }
  });

  it('stops when it is disposed of', async () => {
    const { clock, gateway, fetch, recorder } = setUp();
    gateway.show(running);
    clock.advance(3 * MINUTE);
    await settle();
    gateway.show(finished);
    recorder.dispose();
    clock.advance(5 * MINUTE);
    await settle();
    expect(fetch).not.toHaveBeenCalled();
  });
});
