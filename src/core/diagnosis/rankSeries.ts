import { cutFrame, indexAt, stepsIn } from '../metrics/frameSlice';
import type { MetricFrame } from '../metrics/series';
import { deviations } from './features';
import type { Detector } from './ranking';
import { stretchesAt } from './stretches';
import type { RankGap, RankGapReason, RankSeries } from './types';

/** The most series that one call ranks, about a second's work: the thread answers nothing else meanwhile. */
const AT_ONCE = 80_000;

/** The moments to rank, and how far the diagnosis looks back from each. Epoch milliseconds, ascending. */
export interface RankedMoments {
  timestamps: Float64Array;
  windowMs: number;
}

/** The rank of each node of the frame at one step, NaN = none; `why` if no node has one. */
interface RanksAt {
  ranks: Float64Array;
  why: RankGapReason | undefined;
}

/** The known ranks, with the samples that they come from. */
interface Known {
  frame: MetricFrame;
  windowMs: number;
  ranks: ReadonlyMap<number, RanksAt>;
}

/**
 * The rank of a moment is that of the diagnosis at the step before it. It depends on the `windowMs` that end there and on
 * nothing else that is shown. A known rank is reused only while all of these samples are unchanged.
 */
export class RankHistory {
  #known: Known | undefined;

  /** Ranks the moments. The frame must cover what they look back on; a moment that it does not cover has no rank. */
  series(frame: MetricFrame, { timestamps, windowMs }: RankedMoments, detect: Detector): RankSeries {
    const ranks = this.#stillTrue(frame, windowMs);
    this.#known = { frame, windowMs, ranks };
    const before = stepsIn(windowMs, frame.stepMs);
    const none = (why: RankGapReason): RanksAt => ({ ranks: new Float64Array(frame.nodes.length).fill(NaN), why });
    let room = Math.max(1, Math.floor(AT_ONCE / Math.max(1, frame.series.length)));
    let pending = false;
    const rows = [...timestamps].map((moment): RanksAt => {
      const end = indexAt(frame, moment);
      const at = frame.timestamps[end];
      if (at === undefined || end < before) return none('notAsked');
      const known = ranks.get(at);
      if (known) return known;
      if (room === 0) {
        pending = true;
        return none('notAsked');
      }
      room -= 1;
      const found = rankAt(cutFrame(frame, end - before, end), detect);
      ranks.set(at, found);
      return found;
    });
    return {
      timestamps,
      nodes: frame.nodes.map((node, i) => ({
        node,
        ranks: Float64Array.from(rows, (row) => row.ranks[i] as number),
      })),
      cluster: Float64Array.from(rows, (row) => highest(row.ranks)),
      gaps: gapsOf(timestamps, rows),
      pending,
    };
  }

  /** The known ranks whose samples are unchanged. */
  #stillTrue(frame: MetricFrame, windowMs: number): Map<number, RanksAt> {
    const known = this.#known;
    if (!known || known.windowMs !== windowMs || shapeOf(known.frame) !== shapeOf(frame)) return new Map();
    const same = sameSteps(known.frame, frame);
    const before = stepsIn(windowMs, frame.stepMs);
    const kept = new Map<number, RanksAt>();
    let run = 0; // unchanged steps up to this one
    frame.timestamps.forEach((at, i) => {
      run = same[i] === 1 ? run + 1 : 0;
      const ranks = run > before ? known.ranks.get(at) : undefined;
      if (ranks) kept.set(at, ranks);
    });
    return kept;
  }
}

const shapeOf = ({ stepMs, nodes, series }: MetricFrame): string =>
  JSON.stringify([stepMs, nodes, series.map(({ metric, node }) => [metric, node])]);

/** 1 for each step of a frame at which another of the same shape has the same samples. */
function sameSteps(other: MetricFrame, frame: MetricFrame): Uint8Array {
  const same = new Uint8Array(frame.timestamps.length);
  const shift = ((frame.timestamps[0] ?? NaN) - (other.timestamps[0] ?? NaN)) / frame.stepMs;
  if (!Number.isInteger(shift)) return same;
  const from = Math.max(0, -shift);
  const to = Math.min(same.length, other.timestamps.length - shift);
  same.fill(1, from, Math.max(from, to));
  frame.series.forEach(({ values }, place) => {
    const old = (other.series[place] as (typeof other.series)[number]).values;
    for (let i = from; i < to; i++) if (!Object.is(values[i], old[i + shift])) same[i] = 0;
  });
  return same;
}

function rankAt(frame: MetricFrame, detect: Detector): RanksAt {
  const { nodes } = stretchesAt(frame);
  const found = deviations(nodes);
  const ranks = new Float64Array(found.length).fill(NaN);
  const judged = found.flatMap((node, i) => (node.size > 0 ? [i] : []));
  if (judged.length === 0) {
    const heard = nodes.some(({ metrics }) =>
      Object.values(metrics).some(({ window }) => window.some((value) => Number.isFinite(value))),
    );
    return { ranks, why: heard ? 'noBaseline' : 'noSamples' };
  }
  const { probabilities } = detect(judged.map((i) => found[i] as (typeof found)[number]));
  judged.forEach((i, place) => (ranks[i] = highest(probabilities[place] as Float64Array)));
  return { ranks, why: undefined };
}

/** The highest finite value; NaN if there is none. */
const highest = (values: Float64Array): number =>
  values.reduce((most, value) => (Number.isNaN(most) || value > most ? value : most), NaN);

/** Merges neighbouring moments that have no rank for the same reason. */
function gapsOf(timestamps: Float64Array, rows: readonly RanksAt[]): RankGap[] {
  const gaps: RankGap[] = [];
  let open: RankGap | undefined;
  rows.forEach(({ why }, i) => {
    const at = timestamps[i] as number;
    if (why === undefined) open = undefined;
    else if (open?.reason === why) open.toMs = at;
    else gaps.push((open = { fromMs: at, toMs: at, reason: why }));
  });
  return gaps;
}
