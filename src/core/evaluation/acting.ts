import { UNKNOWN_TYPE } from '../diagnosis/diagnosedTypes';
import type { ExperimentSpan } from '../experiments/spans';
import type { DiagnosisSample } from './sample';
import { HEAL_MS, SETTLE_MS } from './times';

/** `<node, type>` as one text. */
export const pairKey = (node: string, type: string): string => `${node}\n${type}`;

/** When a span ended, `Infinity` while it is active. */
export const endOf = (span: ExperimentSpan): number => span.toMs ?? Infinity;

/** True if a span is active at a moment. */
export const actsAt = (span: ExperimentSpan, at: number): boolean => span.fromMs <= at && at <= endOf(span);

/** Why a sample cannot judge a span; undefined if it can, because it ranks the span's type and one of its nodes. */
export function whyNotJudged(span: ExperimentSpan, look: DiagnosisSample): 'notDiagnosable' | 'notWatched' | undefined {
  if (!look.types.includes(span.label)) return 'notDiagnosable';
  return span.nodes.some((node) => look.nodes.includes(node)) ? undefined : 'notWatched';
}

/** The true pairs of a span, on the nodes that the sample covers. */
export const pairsOf = (span: ExperimentSpan, look: DiagnosisSample): string[] =>
  span.nodes.filter((node) => look.nodes.includes(node)).map((node) => pairKey(node, span.label));

/** The ground truth at the time of a sample. */
export interface Expected {
  /** Pairs of the active experiments. */
  real: ReadonlySet<string>;
  /** Those, and pairs of experiments that ended recently: naming them is not wrong. */
  excused: ReadonlySet<string>;
  /** A fault that the diagnosis cannot name is or was just active: whatever it names cannot be judged. */
  unknown: boolean;
  /** Nothing is or was just active. */
  quiet: boolean;
}

/** The ground truth at a sample, from all known experiments, including those of others. */
export function expectedAt(spans: readonly ExperimentSpan[], look: DiagnosisSample): Expected {
  const { at } = look;
  const real = new Set<string>();
  const excused = new Set<string>();
  let unknown = false;
  let quiet = true;
  for (const span of spans) {
    const end = endOf(span);
    if (span.fromMs > at || at > end + HEAL_MS) continue;
    const settled = at > end + SETTLE_MS;
    if (!settled) quiet = false;
    if (whyNotJudged(span, look) !== undefined) {
      if (!settled) unknown = true;
      continue;
    }
    // "Unknown anomaly" is correct on such a node too.
    for (const node of span.nodes) excused.add(pairKey(node, UNKNOWN_TYPE));
    for (const pair of pairsOf(span, look)) {
      excused.add(pair);
      if (at <= end) real.add(pair);
    }
  }
  return { real, excused, unknown, quiet };
}
