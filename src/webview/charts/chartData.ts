import type { ChartDataset } from 'chart.js';
import type { Band } from './band';
import { faded, type ChartLine, type ChartModel, type Point } from './chartModel';
import type { Theme } from '../theme';
import type { ValueScale } from './valueScale';
import { ghostSets } from '../tests/ghosts';

type Dataset = ChartDataset<'line', Point[]>;

/** Pairs of a column, in the array that was there before: a refresh makes no garbage. */
function fill(points: Point[], timestamps: Float64Array, values: Float64Array, { factor, log }: ValueScale): Point[] {
  const count = timestamps.length;
  points.length = Math.min(points.length, count);
  for (let i = 0; i < count; i++) {
    const x = timestamps[i] as number;
    const value = values[i] as number;
    const y = log && !(value > 0) ? NaN : value / factor;
    const point = points[i];
    if (point) {
      point.x = x;
      point.y = y;
    } else points[i] = { x, y };
  }
  return points;
}

/** Places of samples between two gaps: a line through one alone would not be seen. */
function alone(values: Float64Array): Set<number> {
  const places = new Set<number>();
  for (let i = 0; i < values.length; i++)
    if (!Number.isNaN(values[i]) && Number.isNaN(values[i - 1] ?? NaN) && Number.isNaN(values[i + 1] ?? NaN))
      places.add(i);
  return places;
}

function lineSet(line: ChartLine, model: ChartModel, theme: Theme, kept: Point[]): Dataset {
  const lone = alone(line.values);
  return {
    label: line.name,
    data: fill(kept, model.timestamps, line.values, model.scale),
    borderColor: line.colour,
    backgroundColor: line.colour,
    borderWidth: line.strong ? 2.4 : theme.highContrast ? 2.2 : 1,
    borderDash: [...line.dash],
    pointRadius: lone.size === 0 ? 0 : ({ dataIndex }) => (lone.has(dataIndex) ? 1.5 : 0),
    order: line.strong ? 0 : 1,
    fill: false,
  };
}

function bandSets(band: Band, model: ChartModel, theme: Theme, kept: (place: number) => Point[]): Dataset[] {
  const edge = (values: Float64Array, place: number, label: string, backing: number | undefined): Dataset => ({
    label,
    data: fill(kept(place), model.timestamps, values, model.scale),
    borderWidth: theme.highContrast ? 1 : 0,
    borderColor: faded(theme.muted, 0.5),
    backgroundColor: faded(theme.band, backing ?? 0),
    fill: backing === undefined ? false : '-1',
    borderDash: [],
    pointRadius: 0,
    order: 3,
  });
  return [
    edge(band.low, 0, 'min', undefined),
    edge(band.high, 1, 'max', theme.highContrast ? 0.12 : 0.1),
    edge(band.p10, 2, 'p10', undefined),
    edge(band.p90, 3, 'p90', theme.highContrast ? 0.2 : 0.18),
    {
      ...edge(band.median, 4, 'median', undefined),
      borderWidth: 1.4,
      borderColor: theme.muted,
      borderDash: [4, 3],
      order: 2,
    },
  ];
}

/**
 * The chart's lines. Objects and arrays of the ones before are filled again: to the library a new object is a new line,
 * whose every point it would make anew.
 */
export function datasets(model: ChartModel, theme: Theme, before: readonly Dataset[]): Dataset[] {
  const kept = (place: number): Point[] => before[place]?.data ?? [];
  const sets = model.band ? bandSets(model.band, model, theme, kept) : [];
  for (const line of model.lines) sets.push(lineSet(line, model, theme, kept(sets.length)));
  sets.push(...ghostSets(model.ghosts ?? [], model.scale, theme.highContrast));
  return sets.map((set, place) => Object.assign(before[place] ?? {}, set));
}
