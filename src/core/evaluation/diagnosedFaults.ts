import { scoreboard } from './scoreboard';
import { judgingTimes } from './times';
import type { DiagnosisSample } from './sample';
import type { ExperimentVerdict } from './verdict';
import type { FaultType } from '../faults/catalogue';

/** A fault of a test, as it acted; epoch milliseconds. */
export interface ActingFault {
  fault: FaultType;
  nodes: readonly string[];
  fromMs: number;
  toMs: number;
}

/** Moments that a test is looked at, at most. */
const MOST_MOMENTS = 360;
const EVERY_MS = 10_000;

/** The moments at which the diagnosis is looked at for the faults of a test, from before them until `endMs`. */
export function diagnosedMoments(faults: readonly ActingFault[], endMs: number): number[] {
  if (faults.length === 0) return [];
  const fromMs = Math.min(...faults.map((one) => one.fromMs)) - 3 * EVERY_MS;
  const everyMs = Math.max(1, Math.ceil((endMs - fromMs) / MOST_MOMENTS / EVERY_MS)) * EVERY_MS;
  const first = Math.ceil(fromMs / everyMs) * everyMs;
  return Array.from({ length: Math.max(0, Math.floor((endMs - first) / everyMs) + 1) }, (_, i) => first + i * everyMs);
}

/** What became of each fault in the diagnosis, undefined where nothing is known, by the same rules as the experiments that the editor follows. */
export function diagnosedFaults(
  faults: readonly ActingFault[],
  looks: readonly DiagnosisSample[],
  { stepMs, nowMs }: { stepMs: number; nowMs: number },
): (ExperimentVerdict | undefined)[] {
  const spans = faults.map(({ fault, nodes, fromMs, toMs }, i) => ({
    key: String(i),
    ref: { kind: '', namespace: '', name: String(i) },
    label: fault,
    ours: true,
    nodes,
    fromMs,
    toMs,
    phase: 'finished' as const,
  }));
  const { verdicts } = scoreboard({ spans, looks, times: judgingTimes(stepMs), nowMs });
  return spans.map(({ key }) => verdicts.find(({ span }) => span.key === key));
}
