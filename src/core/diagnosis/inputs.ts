import type { MetricId } from '../metrics/catalogue';
import { EVIDENCE, EVIDENCE_METRICS, evidenceOf } from './evidence';
import { featureRows, FEATURES_PER_METRIC, type NodeDeviations } from './features';

/** What a model's input is made of, in order: four features a metric, then the evidence. */
export interface InputLayout {
  metrics: readonly MetricId[];
  /**
   * Metrics whose levels are inputs too, two each (ln of window and baseline). Only for a model of one kind of server:
   * a level means nothing on another.
   */
  levels?: readonly MetricId[];
  /** Mean and scale of each input where its metric was there; what is missing is 0, which is the mean. */
  mean: readonly number[];
  scale: readonly number[];
}

/** A standardised input stays within this. */
const CLIP = 5;

/** How many inputs a model over these metrics has. */
export const inputWidth = ({ metrics, levels = [] }: Pick<InputLayout, 'metrics' | 'levels'>): number =>
  metrics.length * FEATURES_PER_METRIC + EVIDENCE.length + 2 * levels.length;

/** Inputs before they are standardised, a row a node; NaN = missing. */
export function rawRows(
  { metrics, levels = [] }: Pick<InputLayout, 'metrics' | 'levels'>,
  nodes: readonly NodeDeviations[],
): Float32Array[] {
  const features = featureRows(metrics, nodes);
  return nodes.map((node, i) => {
    const row = new Float32Array(inputWidth({ metrics, levels }));
    const own = features[i] as Float32Array;
    row.set(own);
    metrics.forEach((metric, k) => {
      if (!node.has(metric)) row.fill(NaN, k * FEATURES_PER_METRIC, (k + 1) * FEATURES_PER_METRIC);
    });
    const evidence = evidenceOf(node);
    EVIDENCE.forEach((name, k) => (row[own.length + k] = evidence[name]));
    levels.forEach((metric, k) => {
      const found = node.get(metric);
      const at = own.length + EVIDENCE.length + 2 * k;
      row[at] = found ? Math.log(Math.max(0, found.value) + 1e-3) : NaN;
      row[at + 1] = found ? Math.log(Math.max(0, found.baseline) + 1e-3) : NaN;
    });
    return row;
  });
}

/** Mean and scale of each input over rows of training; presence and what never varies are left as they are. */
export function fitScaler(rows: readonly Float32Array[]): Pick<InputLayout, 'mean' | 'scale'> {
  const width = rows[0]?.length ?? 0;
  const mean: number[] = [];
  const scale: number[] = [];
  for (let k = 0; k < width; k++) {
    let sum = 0;
    let square = 0;
    let count = 0;
    for (const row of rows) {
      const value = row[k] as number;
      if (Number.isNaN(value)) continue;
      sum += value;
      square += value * value;
      count += 1;
    }
    const centre = count > 0 ? sum / count : 0;
    const spread = count > 0 ? Math.sqrt(Math.max(0, square / count - centre * centre)) : 0;
    const constant = spread < 1e-6;
    mean.push(constant ? 0 : Number(centre.toPrecision(6)));
    scale.push(constant ? 1 : Number(spread.toPrecision(6)));
  }
  return { mean, scale };
}

/** Standardised in place of a copy: missing becomes 0. */
export function standardise(layout: Pick<InputLayout, 'mean' | 'scale'>, row: Float32Array): Float32Array {
  return row.map((value, k) => {
    if (Number.isNaN(value)) return 0;
    const scaled = (value - (layout.mean[k] as number)) / (layout.scale[k] as number);
    return Math.max(-CLIP, Math.min(CLIP, scaled));
  });
}

/** A model's input rows for the nodes of one window. */
export function inputRows(layout: InputLayout, nodes: readonly NodeDeviations[]): Float32Array[] {
  return rawRows(layout, nodes).map((row) => standardise(layout, row));
}

/** Which inputs speak of a metric: its own features and the evidence that it is part of. */
export function inputsOf(
  { metrics, levels = [] }: Pick<InputLayout, 'metrics' | 'levels'>,
  metric: MetricId,
): number[] {
  const place = metrics.indexOf(metric);
  const own = place < 0 ? [] : Array.from({ length: FEATURES_PER_METRIC }, (_, k) => place * FEATURES_PER_METRIC + k);
  const first = metrics.length * FEATURES_PER_METRIC;
  const shared = EVIDENCE.flatMap((name, k) => (EVIDENCE_METRICS[name].includes(metric) ? [first + k] : []));
  const level = levels.indexOf(metric);
  const at = first + EVIDENCE.length + 2 * level;
  return [...own, ...shared, ...(level < 0 ? [] : [at, at + 1])];
}
