import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { connect } from '../../../src/adapters/kubernetes/index';
import { createMetricSource, directEndpoint } from '../../../src/adapters/prometheus/index';
import { defaultParameters } from '../../../src/core/faults/catalogue';
import { scaledClock } from '../../../src/core/base/clock';
import { timeLeft } from '../../../src/core/experiments/phase';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { InjectionService } from '../../../src/core/injection/injection';
import { timeAxis } from '../../../src/core/metrics/axis';
import { ServerClock } from '../../../src/core/cluster/serverClock';
import { startDemoCluster } from '../../../src/demo/cluster';
import { DEMO_QUERY, silentLog } from '../../support';
import { POLICY, seen } from './scene';

const MINUTE = 60_000;
const DURATION = 3 * MINUTE;

it.each([
  ['a cluster', 10, 0],
  ['a cluster', -10, 0],
  ['an editor', 0, 10],
  ['an editor', 0, -10],
])(
  '%s whose clock is %d or %d minutes ahead: phases, times left, spans and samples are right',
  async (_, clusterAhead, editorAhead) => {
    const skewMs = (clusterAhead - editorAhead) * MINUTE;
    const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-skew-'));
    const cluster = await startDemoCluster({
      directory,
      skewMs: clusterAhead * MINUTE,
      historyMinutes: 2,
      controls: { delayMs: 50 },
    });
    const told: number[] = [];
    const clock = new ServerClock(scaledClock(1, undefined, editorAhead * MINUTE), (offsetMs) => told.push(offsetMs));
    const connection = await connect({
      kubeconfigPath: cluster.kubeconfigPath,
      trusted: false,
      log: silentLog,
      // The client tells by the machine's clock when it asked and heard: it is this editor's that is wrong.
      heardDate: (at, sent, received) => clock.heard(at, sent + editorAhead * MINUTE, received + editorAhead * MINUTE),
    });
    const store = new ExperimentStore({ gateway: connection.experiments, clock });
    const injection = new InjectionService({ gateway: connection.experiments, store, clock, log: silentLog });
    try {
      const targets = await connection.targets.list(DEMO_QUERY);
      expect(told).toHaveLength(1);
      expect(Math.abs(clock.offsetMs - skewMs)).toBeLessThan(1500);
      const plan = {
        type: 'cpu_stress' as const,
        targets: targets.slice(0, 1),
        parameters: defaultParameters('cpu_stress'),
        durationMs: DURATION,
        chaosNamespace: 'oceanbase',
        container: 'observer',
        createdBy: 'test',
      };
      const experiment = await injection.inject(plan, POLICY);
      expect(store.phaseOf(experiment)).toBe('running');
      const left = timeLeft(experiment, clock.now()) as number;
      expect(left).toBeGreaterThan(DURATION - 15_000);
      expect(left).toBeLessThanOrEqual(DURATION + 2000);
      await seen(store, () => store.spans.length === 1);
      const [span] = store.spans;
      expect(span).toMatchObject({ toMs: undefined, phase: 'running' });
      expect(Math.abs((span?.fromMs as number) - clock.now())).toBeLessThan(15_000);
      // The newest samples are asked for where the cluster has them, and the span lies among them.
      const metrics = createMetricSource({
        resolve: () => Promise.resolve(directEndpoint(cluster.prometheusUrl)),
        clock,
        profile: 'auto',
        container: 'observer',
        log: silentLog,
      });
      const axis = timeAxis(clock.now() - MINUTE, clock.now(), 5000);
      const range = { fromMs: axis[0] as number, toMs: axis.at(-1) as number, stepMs: 5000 };
      const frame = await metrics.fetch({ ...range, targets, metrics: ['memory.used'] });
      expect(frame.series.every(({ values }) => values.every(Number.isFinite))).toBe(true);
      expect(range.fromMs).toBeLessThan(span?.fromMs as number);
      await injection.stop(experiment.ref);
      expect(store.spans[0]?.toMs).toBeGreaterThanOrEqual(span?.fromMs as number);
      expect(store.spans[0]?.toMs).toBeLessThanOrEqual(clock.now() + 2000);
    } finally {
      store.dispose();
      connection.dispose();
      await cluster.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
