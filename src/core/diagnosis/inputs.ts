import type { MetricId } from '../metrics/catalogue';
import { othersMedian, squash, type NodeDeviations } from './features';
import { QUANTITIES, quantitiesOf } from './quantities';

/** The layout of a model's input, in order: metrics, quantities and, in some models, levels. */
export interface InputLayout {
  metrics: readonly MetricId[];
  /**
   * Metrics whose levels are inputs too, two each (ln of window and baseline). Only for models of one kind of server: on
   * another kind, levels mean nothing.
   */
  levels?: readonly MetricId[];
  /** Mean and scale of each input over the rows that have its metric; a missing input is 0, which is the mean. */
  mean: readonly number[];
  scale: readonly number[];
}

/** A layout before its scaler is fitted. */
export type InputPlan = Pick<InputLayout, 'metrics' | 'levels'>;

/** Per metric: its log ratio, the same minus the other nodes' median (what all nodes share is load), and the squashed z. */
const PER_METRIC = 3;
/** Limit of an input before it is standardised. */
const MOST = 4;
/** Limit of a standardised input. */
const CLIP = 5;

/** The offset of each quantity's inputs; the last entry is their total number. */
const PLACES = QUANTITIES.reduce<number[]>(
  (places, { told }) => [...places, (places.at(-1) as number) + told.length],
  [0],
);
const QUANTITY_INPUTS = PLACES.at(-1) as number;

/** How many inputs a model has. */
export const inputWidth = ({ metrics, levels = [] }: InputPlan): number =>
  metrics.length * PER_METRIC + QUANTITY_INPUTS + 2 * levels.length;

/** Inputs before they are standardised, a row a node; NaN = missing. */
export function rawRows({ metrics, levels = [] }: InputPlan, nodes: readonly NodeDeviations[]): Float32Array[] {
  const width = inputWidth({ metrics, levels });
  const rows = nodes.map(() => new Float32Array(width).fill(NaN));
  metrics.forEach((metric, k) => {
    const found = nodes.map((node) => node.get(metric));
    const apart = apartFrom(found.map((one) => one?.logRatio ?? NaN));
    found.forEach((one, i) => {
      if (one) (rows[i] as Float32Array).set([one.logRatio, apart.own[i] as number, squash(one.z)], k * PER_METRIC);
    });
  });
  const quantities = nodes.map(quantitiesOf);
  const first = metrics.length * PER_METRIC;
  QUANTITIES.forEach(({ told }, k) => {
    const values = quantities.map((own) => own[k] as number);
    const { own, others } = apartFrom(values);
    const inputs = { own: values, apart: own, others };
    told.forEach((what, place) =>
      rows.forEach((row, i) => (row[first + (PLACES[k] as number) + place] = inputs[what][i] as number)),
    );
  });
  levels.forEach((metric, k) => {
    nodes.forEach((node, i) => {
      const found = node.get(metric);
      if (found)
        (rows[i] as Float32Array).set([level(found.value), level(found.baseline)], width - 2 * (levels.length - k));
    });
  });
  return rows.map((row) => row.map((value, k) => (k < width - 2 * levels.length ? hold(value, MOST) : value)));
}

const level = (value: number): number => Math.log(Math.max(0, value) + 1e-3);
const hold = (value: number, most: number): number => Math.max(-most, Math.min(most, value));

/** Each value minus the median of the others, or unchanged if there are no others; and these medians. */
function apartFrom(values: readonly number[]): { own: number[]; others: number[] } {
  const others = othersMedian(values);
  return {
    others,
    own: values.map((value, i) => (Number.isNaN(others[i] as number) ? value : value - (others[i] as number))),
  };
}

/** Mean and scale of each input over the training rows; a constant input is left unchanged. */
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
    scale.push(constant ? 1 : Number((spread + 1e-3).toPrecision(6)));
  }
  return { mean, scale };
}

/** A standardised copy; missing inputs become 0. */
export function standardise(layout: Pick<InputLayout, 'mean' | 'scale'>, row: Float32Array): Float32Array {
  return row.map((value, k) =>
    Number.isNaN(value) ? 0 : hold((value - (layout.mean[k] as number)) / (layout.scale[k] as number), CLIP),
  );
}

/** A model's input rows for the nodes of one window. */
export function inputRows(layout: InputLayout, nodes: readonly NodeDeviations[]): Float32Array[] {
  return rawRows(layout, nodes).map((row) => standardise(layout, row));
}

/** The inputs that depend on a metric: its own, and those of the quantities that it is part of. */
export function inputsOf({ metrics, levels = [] }: InputPlan, metric: MetricId): number[] {
  const place = metrics.indexOf(metric);
  const first = metrics.length * PER_METRIC;
  const level = levels.indexOf(metric);
  return [
    ...(place < 0 ? [] : run(place * PER_METRIC, PER_METRIC)),
    ...QUANTITIES.flatMap((one, k) =>
      one.metrics.includes(metric) ? run(first + (PLACES[k] as number), one.told.length) : [],
    ),
    ...(level < 0 ? [] : run(first + QUANTITY_INPUTS + 2 * level, 2)),
  ];
}

const run = (from: number, count: number): number[] => Array.from({ length: count }, (_, k) => from + k);
