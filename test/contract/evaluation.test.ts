import { expect, it } from 'vitest';
import { defaultParameters } from '../../src/core/faults/catalogue';
import type { DatabasePod } from '../../src/core/cluster/databasePod';
import { inEnglish } from '../../src/core/report/reportTexts';
import { gatherReport } from '../../src/core/report/gatherReport';
import { scoreboard } from '../../src/core/evaluation/scoreboard';
import { judgingTimes } from '../../src/core/evaluation/times';
import { sleep } from '../../src/core/time/waiting';
import { silentLog } from '../support';
import { useTourWorld } from './tourWorlds';

const tourWorld = useTourWorld('evaluation', { seed: 4, stepMs: 5000 });

it('an injected fault is seen, named first and healed after plausible delays, live and from the past alike', async () => {
  const world = tourWorld();
  const { clock, monitor, evaluator, store } = world;
  const [, target] = (await world.targets.list(world.query)) as [DatabasePod, DatabasePod];
  const watching = store.subscribe(() => undefined);
  const policy = { context: world.context, protectedContexts: [], protectedNamespaces: [], clusterSize: 3 };
  const experiment = await world.injection.inject(
    {
      type: 'cpu_stress',
      targets: [target],
      parameters: defaultParameters('cpu_stress'),
      durationMs: 150_000,
      chaosNamespace: world.query.namespace,
      container: world.query.container,
      createdBy: 'test',
    },
    policy,
  );
  const limit = clock.now() + 600_000;
  while (evaluator.verdictOf(experiment.key)?.healed === undefined && clock.now() < limit) {
    await monitor.refresh();
    await sleep(clock, 5000);
  }
  const live = evaluator.verdictOf(experiment.key);
  expect(live).toMatchObject({ state: 'seen', carriedOver: false, namedPairs: 1, allPairs: 1 });
  for (const delay of [live?.seen, live?.first]) {
    expect(delay?.afterMs).toBeGreaterThan(0);
    expect(delay?.afterMs).toBeLessThan(120_000);
  }
  expect(live?.healed?.afterMs).toBeLessThan(240_000);
  expect(evaluator.board).toMatchObject({ judged: 1, seen: 1, namedFirst: 1 });

  // A window that was not open meanwhile asks Prometheus: the same experiment, from the metrics alone.
  const { spans } = store;
  const [span] = spans;
  if (span?.toMs === undefined) throw new Error('the experiment has no end');
  const moments: number[] = [];
  for (let at = Math.ceil(span.fromMs / 15_000) * 15_000; at < span.toMs + 240_000; at += 15_000) moments.push(at);
  const looks = await world.past.looks(moments.filter((at) => at <= clock.now()));
  const again = scoreboard({ spans, looks, times: judgingTimes(5000), nowMs: clock.now() }).verdicts[0];
  expect(again?.state).toBe('seen');
  expect(Math.abs((again?.first?.afterMs ?? Infinity) - (live?.first?.afterMs ?? 0))).toBeLessThanOrEqual(30_000);

  // And one moment of it in full, as the slider asks for it.
  const { diagnosis: then, unknown } = await world.past.at(span.toMs - 5000);
  expect(unknown).toEqual([]);
  expect(then.at).toBeGreaterThan(span.toMs - 11_000);
  expect(then.ranking[0]).toMatchObject({ node: target.pod, type: 'cpu_stress', named: true });

  // The report of all that, without an editor: its charts are drawn, its verdict is the same.
  const report = await gatherReport(
    experiment.key,
    {
      evaluator,
      past: world.past,
      scorer: world.scorer,
      experiments: world.experiments,
      clock,
      log: silentLog,
      toYaml: (object) => JSON.stringify(object),
    },
    {
      say: inEnglish,
      language: 'en',
      nodes: [],
      nameOf: (type) => type,
      reasonOf: ({ metric }) => metric,
      metricName: (metric) => metric,
      cluster: world.context,
      versions: [],
      zoneMinutes: 0,
    },
    new AbortController().signal,
  );
  const { text, pictures } = report.markdown('files');
  expect(pictures.map(({ file }) => file)).toEqual(expect.arrayContaining(['score.svg', 'cpu-used.svg']));
  for (const { svg } of pictures) expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  for (const part of ['**diagnosed correctly**', 'StressChaos', 'Apply Succeeded', '](files/cpu-used.svg)', 'cpu.used'])
    expect(text).toContain(part);
  watching.dispose();
}, 120_000);
