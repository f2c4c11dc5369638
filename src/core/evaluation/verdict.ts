import type { ExperimentSpan } from '../experiments/spans';
import { actsAt, endOf, pairKey, pairsOf, expectedAt, whyNotJudged } from './acting';
import type { DiagnosisSample } from './sample';
import { meanPrecision, type Precision, type PrecisionCase } from './precision';
import type { JudgingTimes } from './times';

/**
 * How the diagnosis treated an experiment: `waiting` = not named yet, `tooShort` = over before it filled a window,
 * `unobserved` = no diagnosis ran, `notDiagnosable` = the diagnosis has no name for it, `notWatched` = not on a database node.
 */
type VerdictState = 'waiting' | 'seen' | 'missed' | 'tooShort' | 'unobserved' | 'notDiagnosable' | 'notWatched';

/** A moment, and how long after the injection or the recovery it was. */
interface Delay {
  at: number;
  afterMs: number;
}

/** A pair that was named although nothing of the kind was injected. */
interface FalseName {
  node: string;
  type: string;
  /** When it was named first, and in how many looks. */
  at: number;
  looks: number;
  /** The highest that was given, 0 to 1. */
  probability: number;
}

/** What the diagnosis said about an experiment, judged. Times are the cluster's. */
export interface ExperimentVerdict {
  span: ExperimentSpan;
  state: VerdictState;
  /** The first look that named one of its pairs. */
  seen: Delay | undefined;
  /** Its pair was named before it was injected, left from another experiment or by mistake: the delay says nothing. */
  carriedOver: boolean;
  /** Nobody looked for a while before it was named: the delay is at most that, and says nothing. */
  lookedLate: boolean;
  /** The first look that named one of its pairs with no false one above. */
  first: Delay | undefined;
  /** How many of its pairs (a node each) were named at least once. */
  namedPairs: number;
  allPairs: number;
  /** After the recovery: the first look that named none of its pairs any more. */
  healed: Delay | undefined;
  /** How long after its end the newest look was that answered; 0 while it runs. */
  watchedAfterMs: number;
  falseNames: readonly FalseName[];
  /** Mean over the cases that it took part in. */
  precision: Precision | undefined;
  /** Looks while it acted, and until its window had passed. */
  looks: number;
  /** Who answered meanwhile. */
  answeredBy: readonly string[];
}

/** What a verdict is made from. Looks are in the order of their time. */
export interface EvaluationRecord {
  spans: readonly ExperimentSpan[];
  looks: readonly DiagnosisSample[];
  cases: readonly PrecisionCase[];
  times: JudgingTimes;
  nowMs: number;
}

/** Judges one experiment. */
export function judge(span: ExperimentSpan, record: EvaluationRecord): ExperimentVerdict {
  const { spans, looks, cases, times } = record;
  const end = endOf(span);
  const answered = looks.slice(firstAfter(looks, span.fromMs - times.gapMs)).filter((look) => look.answered);
  const during = answered.filter(({ at }) => at > span.fromMs && at <= end + times.windowMs);
  const before = answered.findLast(({ at }) => at <= span.fromMs);
  const namedIn = (look: DiagnosisSample): boolean => namedPairs(span, look).length > 0;
  const seen = during.find(namedIn);
  const previous = seen && answered.findLast(({ at }) => at < seen.at);
  const watchedFrom = Math.max(span.fromMs, previous?.at ?? -Infinity);
  const first = during.find((look) => isFirst(span, look, spans));
  const after = seen === undefined || span.toMs === undefined ? [] : answered.filter(({ at }) => at >= end);
  const healed = after.find((look) => ownAlone(span, look, spans) && !namedIn(look));
  const taken = cases.filter(({ keys }) => keys.includes(span.key)).map(({ precision }) => precision);
  const delay = (look: DiagnosisSample | undefined, since: number): Delay | undefined =>
    look && { at: look.at, afterMs: look.at - since };
  return {
    span,
    state: stateOf(span, during, seen, record),
    seen: delay(seen, span.fromMs),
    carriedOver: seen !== undefined && before !== undefined && namedIn(before),
    lookedLate: seen !== undefined && seen.at - watchedFrom > times.gapMs,
    first: delay(first, span.fromMs),
    namedPairs: new Set(during.flatMap((look) => namedPairs(span, look))).size,
    allPairs: span.nodes.length,
    healed: delay(healed, end),
    watchedAfterMs: span.toMs === undefined ? 0 : Math.max(0, (answered.at(-1)?.at ?? end) - end),
    falseNames: falseNames(during, spans),
    precision: meanPrecision(taken),
    looks: during.length,
    answeredBy: [...new Set(during.map(({ answeredBy }) => answeredBy))],
  };
}

/** Index of the first look later than a moment. */
function firstAfter(looks: readonly DiagnosisSample[], ms: number): number {
  let low = 0;
  let high = looks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((looks[middle] as DiagnosisSample).at <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

function namedPairs(span: ExperimentSpan, look: DiagnosisSample): string[] {
  const own = new Set(pairsOf(span, look));
  return look.ranking
    .filter(({ named, node, type }) => named && own.has(pairKey(node, type)))
    .map(({ node, type }) => pairKey(node, type));
}

/** One of its pairs is named, and above it stand only pairs that are true too. */
function isFirst(span: ExperimentSpan, look: DiagnosisSample, spans: readonly ExperimentSpan[]): boolean {
  const own = new Set(pairsOf(span, look));
  const { excused } = expectedAt(spans, look);
  const top = look.ranking.find(({ node, type }) => {
    const pair = pairKey(node, type);
    return own.has(pair) || !excused.has(pair);
  });
  return top !== undefined && top.named && own.has(pairKey(top.node, top.type));
}

/** No other experiment keeps its pairs true: then their absence tells of its recovery. */
function ownAlone(span: ExperimentSpan, look: DiagnosisSample, spans: readonly ExperimentSpan[]): boolean {
  return !spans.some(
    (other) =>
      other.key !== span.key &&
      other.label === span.label &&
      actsAt(other, look.at) &&
      other.nodes.some((node) => span.nodes.includes(node)),
  );
}

function falseNames(during: readonly DiagnosisSample[], spans: readonly ExperimentSpan[]): FalseName[] {
  const found = new Map<string, FalseName>();
  for (const look of during) {
    const { excused, unknown } = expectedAt(spans, look);
    if (unknown) continue;
    for (const { node, type, probability, named } of look.ranking) {
      const pair = pairKey(node, type);
      if (!named || excused.has(pair)) continue;
      const known = found.get(pair);
      found.set(pair, {
        node,
        type,
        at: known?.at ?? look.at,
        looks: (known?.looks ?? 0) + 1,
        probability: Math.max(known?.probability ?? 0, probability),
      });
    }
  }
  return [...found.values()];
}

function stateOf(
  span: ExperimentSpan,
  during: readonly DiagnosisSample[],
  seen: DiagnosisSample | undefined,
  { nowMs, times }: EvaluationRecord,
): VerdictState {
  const last = during.at(-1);
  const unjudged = last && whyNotJudged(span, last);
  if (unjudged) return unjudged;
  if (seen) return 'seen';
  const end = endOf(span);
  if (nowMs <= end + times.windowMs) return 'waiting';
  if (end - span.fromMs < times.windowMs) return last ? 'tooShort' : 'unobserved';
  const full = during.some(({ at }) => at >= span.fromMs + times.windowMs && at <= end);
  return full ? 'missed' : 'unobserved';
}
