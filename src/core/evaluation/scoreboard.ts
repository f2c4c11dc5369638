import { HOUR } from '../time/duration';
import { median } from '../diagnosis/statistics';
import { pairKey, expectedAt } from './acting';
import { withExtensions } from './extensions';
import type { DiagnosisSample } from './sample';
import { meanPrecision, precisionCases, type Precision } from './precision';
import { judge, type ExperimentVerdict, type EvaluationRecord } from './verdict';

/** How well the diagnosis recognised our experiments, and how quiet it was without any. */
export interface Scoreboard {
  /** One per experiment of ours, newest first. */
  verdicts: readonly ExperimentVerdict[];
  /** Experiments that count: seen or missed, but not those that were too short or unobserved. */
  judged: number;
  seen: number;
  namedFirst: number;
  /** AC@1, AC@3, AC@5: the mean precision over the cases; undefined without a case. */
  ac: Precision | undefined;
  cases: number;
  /** Medians, milliseconds; undefined without any. */
  seenAfterMs: number | undefined;
  healedAfterMs: number | undefined;
  /** Pairs that were named while no experiment was active, each counted once for as long as it stayed named. */
  falseAlarms: number;
  /** Observed time without an experiment, milliseconds. */
  quietMs: number;
  /** Undefined if there was no such time. */
  falseAlarmsPerHour: number | undefined;
}

/** Scores all experiments, one with its extensions once. Samples are in order of time. */
export function scoreboard(known: Omit<EvaluationRecord, 'cases'>): Scoreboard {
  const record = { ...known, spans: withExtensions(known.spans) };
  const { spans, looks, times } = record;
  const cases = precisionCases(spans, looks, times);
  const verdicts = spans
    .filter(({ ours }) => ours)
    .map((span) => judge(span, { ...record, cases }))
    .reverse();
  const judged = verdicts.filter(({ state }) => state === 'seen' || state === 'missed');
  const seen = judged.filter(({ state }) => state === 'seen');
  const { falseAlarms, quietMs } = quietStretches(record);
  return {
    verdicts,
    judged: judged.length,
    seen: seen.length,
    namedFirst: judged.filter(({ first }) => first !== undefined).length,
    ac: meanPrecision(cases.map(({ precision }) => precision)),
    cases: cases.length,
    seenAfterMs: middle(
      seen.filter(({ carriedOver, lookedLate }) => !carriedOver && !lookedLate).map((one) => one.seen?.afterMs),
    ),
    healedAfterMs: middle(seen.map((one) => one.healed?.afterMs)),
    falseAlarms,
    quietMs,
    falseAlarmsPerHour: quietMs > 0 ? (falseAlarms * HOUR) / quietMs : undefined,
  };
}

function middle(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? median(known) : undefined;
}

/** The observed quiet time, and how many pairs were named in it. A pair that stays named is one alarm. */
function quietStretches({ spans, looks, times }: Omit<EvaluationRecord, 'cases'>): {
  falseAlarms: number;
  quietMs: number;
} {
  let falseAlarms = 0;
  let quietMs = 0;
  let previous: { look: DiagnosisSample; quiet: boolean; wrong: Set<string> } | undefined;
  for (const look of looks) {
    if (!look.answered) continue;
    const { excused, quiet } = expectedAt(spans, look);
    const near = previous && look.at - previous.look.at <= times.gapMs ? previous : undefined;
    const wrong = new Set(look.ranking.filter(({ named }) => named).map(({ node, type }) => pairKey(node, type)));
    for (const pair of excused) wrong.delete(pair);
    if (quiet) {
      if (near?.quiet) quietMs += look.at - near.look.at;
      falseAlarms += [...wrong].filter((pair) => !near?.wrong.has(pair)).length;
    }
    previous = { look, quiet, wrong };
  }
  return { falseAlarms, quietMs };
}
