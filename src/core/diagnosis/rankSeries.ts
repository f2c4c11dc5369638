import type { MetricFrame } from '../metrics/series';
import { deviations, type NodeDeviations } from './features';
import type { Detector } from './ranking';
import { stretchesAt } from './stretches';
import type { RankSeries } from './types';

/**
 * Stretches of a metric that one look ranks at the most, about a second's work. The past of a larger frame is ranked at
 * every k-th step and holds in between; what comes new is ranked at every step.
 */
const AT_ONCE = 80_000;

/** Steps already ranked, by their time: history does not change, so only new steps are computed. */
export class RankHistory {
  #frameKey = '';
  #ranks = new Map<number, Float64Array>();

  /** Ranks of all steps of the frame. The newest two steps are always computed anew: late samples change them. */
  series(frame: MetricFrame, detect: Detector): RankSeries {
    const key = `${frame.stepMs}|${frame.nodes.join(',')}`;
    if (key !== this.#frameKey) this.#ranks.clear();
    this.#frameKey = key;
    const length = frame.timestamps.length;
    const kept = new Map<number, Float64Array>();
    const stride = Math.max(1, Math.ceil((length * frame.series.length) / AT_ONCE));
    let last: Float64Array | undefined;
    for (let step = 0; step < length; step++) {
      const at = frame.timestamps[step] as number;
      const recent = step >= length - 2;
      const held = !recent && last && step % stride !== 0 ? last : undefined;
      last = (recent ? undefined : this.#ranks.get(at)) ?? held ?? rankAt(frame, step, detect);
      kept.set(at, last);
    }
    this.#ranks = kept;
    const rows = [...kept.values()];
    const nodes = frame.nodes.map((node, i) => ({ node, ranks: Float64Array.from(rows, (row) => row[i] as number) }));
    const cluster = Float64Array.from(rows, (row) =>
      row.reduce((highest, value) => (Number.isNaN(highest) || value > highest ? value : highest), NaN),
    );
    return { timestamps: frame.timestamps, nodes, cluster };
  }
}

function rankAt(frame: MetricFrame, step: number, detect: Detector): Float64Array {
  const found: NodeDeviations[] = deviations(stretchesAt(frame, step).nodes);
  if (found.every((node) => node.size === 0)) return new Float64Array(found.length).fill(NaN);
  const { probabilities } = detect(found);
  return Float64Array.from(probabilities, (row, i) =>
    found[i]?.size ? row.reduce((highest, p) => Math.max(highest, p), 0) : NaN,
  );
}
