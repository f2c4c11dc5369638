import type { Detector } from '../../../src/core/diagnosis/ranking';
import { rank } from '../../../src/core/diagnosis/ranking';
import { stretchesAt } from '../../../src/core/diagnosis/stretches';
import { Random } from '../../../src/core/base/random';
import { Scoreboard } from './score';
import { moments, simulateRun } from './simulatedRuns';
import { scenarioOf, simulation } from './sources';

const TEST_SEED = 5000;
/** Clusters of the test, where nothing else is asked for. */
export const TESTS = 6;
const WATCH_SEED = 7000;
const INFO = { answeredBy: 'cpu', model: undefined, reason: undefined } as const;

/** Default strengths on seeds that the fit has not seen: all scenarios, clusters of 3, 5 and 9 nodes. */
export function testOnSimulator(detect: Detector, tests: number): Record<string, unknown> {
  const full = new Scoreboard();
  const container = new Scoreboard();
  for (let i = 0; i < tests; i++) {
    for (const board of [full, container]) {
      const random = new Random(TEST_SEED + i);
      const run = simulateRun({
        ...simulation(TEST_SEED + i, random),
        plain: true,
        container: board === container,
        scenarios: ['A', 'B', 'C', 'W'],
      });
      for (const { end, truth } of moments(run, random, 24))
        board.add(scenarioOf(truth), rank(stretchesAt(run.frame, end), detect, INFO), truth);
    }
  }
  return { seeds: [TEST_SEED, TEST_SEED + tests - 1], allMetrics: full.result(), containerOnly: container.result() };
}

/** Watches quiet simulated clusters at the default step and refresh (15 s): diagnoses with a name in them, and spells of them, by hour. */
export function falseAlarmsPerHour(detect: Detector, watches: number): Record<string, unknown> {
  const count = (container: boolean): Record<string, number> => {
    let hours = 0;
    let diagnoses = 0;
    let spells = 0;
    for (let i = 0; i < watches; i++) {
      const run = simulateRun({
        nodes: [3, 5, 9][i % 3] as number,
        seed: WATCH_SEED + i,
        stepMs: 15_000,
        scenarios: [],
        quietMinutes: 150,
        container,
      });
      let alarmed = false;
      for (let end = 80; end < run.frame.timestamps.length; end++) {
        // The panel looks at its newest half hour.
        const { healthy } = rank(stretchesAt(windowOf(run.frame, end, 120)), detect, INFO);
        if (!healthy) diagnoses += 1;
        if (!healthy && !alarmed) spells += 1;
        alarmed = !healthy;
        hours += 15 / 3600;
      }
    }
    const perHour = (value: number): number => Number((value / hours).toFixed(3));
    return {
      hours: Number(hours.toFixed(1)),
      alarmsPerHour: perHour(spells),
      namingDiagnosesPerHour: perHour(diagnoses),
    };
  };
  return { refreshSeconds: 15, allMetrics: count(false), containerOnly: count(true) };
}

function windowOf(frame: ReturnType<typeof simulateRun>['frame'], end: number, steps: number): typeof frame {
  const from = Math.max(0, end + 1 - steps);
  return {
    ...frame,
    timestamps: frame.timestamps.subarray(from, end + 1),
    series: frame.series.map((series) => ({ ...series, values: series.values.subarray(from, end + 1) })),
  };
}
