import { expect, it } from 'vitest';
import { defaultParameters } from '../../src/core/faults/catalogue';
import { diagnosisState } from '../../src/core/monitoring/diagnosisState';
import { stepAt } from '../../src/core/metrics/frameSlice';
import type { MonitorState } from '../../src/core/monitoring/monitorState';
import { Random } from '../../src/core/base/random';
import type { DatabasePod } from '../../src/core/cluster/databasePod';
import { sleep } from '../../src/core/time/waiting';
import { useTourWorld } from './tourWorlds';

const STEP = 15_000;
const MINUTE = 60_000;
const tourWorld = useTourWorld('ranks', { seed: 9, stepMs: STEP });

/** The ranks of a picture by moment: each node's, as they are written. */
function ranksOf({ ranks }: MonitorState): Map<number, Record<string, string>> {
  const found = new Map<number, Record<string, string>>();
  ranks?.timestamps.forEach((at, i) => {
    const row = ranks.nodes.map(({ node, ranks: values }) => [node, (values[i] as number).toFixed(9)] as const);
    found.set(at, Object.fromEntries(row));
  });
  return found;
}

it('a moment has one rank, that of its diagnosis, in every range and after every refresh, and a fault stays high in it', async () => {
  const world = tourWorld();
  const { clock, monitor, past, injection, store } = world;
  const [, target] = (await world.targets.list(world.query)) as [DatabasePod, DatabasePod];
  const watching = store.subscribe(() => undefined);
  await injection.inject(
    {
      type: 'cpu_stress',
      targets: [target],
      parameters: defaultParameters('cpu_stress'),
      durationMs: 3 * MINUTE,
      chaosNamespace: world.query.namespace,
      container: world.query.container,
      createdBy: 'test',
    },
    { context: world.context, protectedContexts: [], protectedNamespaces: [], clusterSize: 3 },
  );
  // Right after the injection nobody says that nothing is wrong.
  const early = await monitor.refresh();
  expect(diagnosisState(early, clock.now()).state).not.toBe('normal');
  const injected = store.spans[0]?.fromMs as number;
  await sleep(clock, 6 * MINUTE);

  const random = new Random(5);
  const settled = clock.now() - 2 * MINUTE; // later samples may still come
  const known = new Map<number, Record<string, string>>();
  let compared = 0;
  for (let look = 0; look < 24; look++) {
    const length = (2 + random.below(28)) * MINUTE;
    const stepMs = [5000, STEP, 30_000][look % 3] as number;
    let state: MonitorState;
    if (look % 4 === 0) {
      monitor.setRange(length, stepMs);
      state = await monitor.refresh();
      await sleep(clock, STEP);
    } else {
      const toMs = settled - random.below(10 * MINUTE);
      state = await monitor.past({ fromMs: toMs - length, toMs, stepMs });
    }
    expect(state.ranks?.gaps.filter(({ reason }) => reason !== 'noSamples' && reason !== 'noBaseline')).toEqual([]);
    for (const [moment, row] of ranksOf(state)) {
      const at = stepAt(moment, STEP);
      if (at > settled) continue;
      if (known.has(at)) compared += 1;
      expect(row, new Date(at).toISOString()).toEqual(known.get(at) ?? row);
      known.set(at, row);
    }
  }
  expect(compared).toBeGreaterThan(300);

  // The slider agrees.
  const moments = random.shuffled([...known.keys()]).slice(0, 12);
  for (const at of moments) {
    const { diagnosis } = await past.at(at);
    const row = Object.fromEntries(diagnosis.nodes.map(({ node, rank }) => [node, rank.toFixed(9)]));
    expect(row, new Date(at).toISOString()).toEqual(known.get(at));
  }

  // Two minutes within the fault: no hole, and no fault that has become its own baseline.
  const zoom = await monitor.past({ fromMs: injected + MINUTE, toMs: injected + 3 * MINUTE, stepMs: 5000 });
  const anomalous = zoom.ranks?.nodes.find(({ node }) => node === target.pod)?.ranks ?? new Float64Array(1);
  expect(Math.min(...anomalous)).toBeGreaterThan(0.5);
  watching.dispose();
}, 240_000);
