import { defaultParameters, faultDefinition, isAnomalyType, type FaultType } from '../faults/catalogue';
import type { Expectation, MetricExpectation, SampleSource } from '../scenario/expectation';
import { LATEST_OFFSET_MS, MOST_STEPS, type Scenario, type TargetChoice } from '../scenario/scenario';
import { jointBearing } from './bearing';

/** One fault of a test on one pod. */
export interface TestedFault {
  type: FaultType;
  target: TargetChoice;
}

/** How long each fault of a test acts, milliseconds. */
const FAULT_MS = 120_000;
/** Between the end of one fault and the next one, milliseconds: what happens once takes its time too. */
const BETWEEN_MS = 60_000;
/** A shorter dip is what a database makes when it elects a leader. */
const DIP_MS = 30_000;
const DIAGNOSIS_MS = 90_000;

/** The ready test of one fault on the first node, by the catalogue's default strength. */
export function presetTest(type: FaultType): Scenario {
  const { title, description } = faultDefinition(type);
  return faultsTest(`${String(title)} on one node`, String(description), [{ type, target: { index: 0 } }]);
}

/** A test of these faults one after another; of more than a scenario can hold the first. */
export function faultsTest(name: string, description: string, faults: readonly TestedFault[]): Scenario {
  const every = FAULT_MS + BETWEEN_MS;
  const tested = faults.slice(0, Math.min(MOST_STEPS, Math.floor(LATEST_OFFSET_MS / every) + 1));
  return {
    name,
    description,
    onFailure: 'stop',
    steps: tested.map(({ type, target }, i) => ({
      name: `${type.replaceAll('_', '-')}-${i + 1}`,
      anomaly: type,
      targets: [target],
      parameters: defaultParameters(type),
      offsetMs: i * every,
      durationMs: faultDefinition(type).oneShot ? undefined : FAULT_MS,
    })),
    expect: expectationsOf(tested.map(({ type }) => type)),
  };
}

/** What is expected of three nodes while these faults act, one at a time. */
function expectationsOf(types: readonly FaultType[]): Expectation[] {
  const { throughput, guard, of, recoveryMs, restarts, notReady } = jointBearing(types);
  const source: SampleSource = { metric: 'db.commits', of, aggregate: 'sum' };
  const oneShots = types.some((type) => faultDefinition(type).oneShot);
  const commits = (name: string, atLeast: number, forMs: number, abort: boolean): MetricExpectation => ({
    kind: 'metric',
    name,
    source,
    bound: { atLeast },
    // What happens once is over at once: its harm comes afterwards.
    during: oneShots ? 'always' : 'fault',
    forMs,
    abort,
  });
  return [
    commits('throughput', throughput, oneShots ? 2 * DIP_MS : DIP_MS, false),
    ...(guard === undefined ? [] : [commits('guard', guard, DIP_MS, true)]),
    { kind: 'recovery', name: 'recovery', source, to: 0.2, withinMs: recoveryMs },
    // A fault that the diagnosis does not know is no failure of it.
    ...(types.every(isAnomalyType)
      ? [{ kind: 'diagnosis', name: 'diagnosis', withinMs: DIAGNOSIS_MS, noOther: false } as const]
      : []),
    { kind: 'pods', name: 'restarts', count: 'restarts', max: restarts, abort: restarts === 0 },
    { kind: 'pods', name: 'ready', count: 'notReady', max: notReady, abort: false },
  ];
}
