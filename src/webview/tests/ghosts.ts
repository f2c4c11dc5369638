import type { ChartDataset } from 'chart.js';
import type { PanelGhosts } from '../../shared/testMessages';
import { faded, type Point } from '../charts/chartModel';
import type { ValueScale } from '../charts/valueScale';

/** A node's line of an earlier run. */
export interface GhostLine {
  name: string;
  timestamps: Float64Array;
  values: Float64Array;
  colour: string;
}

/** The earlier run's lines in one chart, for the visible nodes, in the nodes' colours. */
export const ghostLines = (
  ghosts: PanelGhosts | undefined,
  metric: string,
  shown: (node: string) => boolean,
  colourOf: (node: string) => string,
): GhostLine[] =>
  (ghosts?.series ?? [])
    .filter((one) => one.metric === metric && shown(one.node))
    .map(({ node, values }) => ({
      name: node,
      timestamps: (ghosts as PanelGhosts).timestamps,
      values,
      colour: colourOf(node),
    }));

/** Faint and dashed, below the current lines. */
export const ghostSets = (
  lines: readonly GhostLine[],
  { factor, log }: ValueScale,
  highContrast: boolean,
): ChartDataset<'line', Point[]>[] =>
  lines.map(({ name, timestamps, values, colour }) => ({
    label: name,
    data: Array.from(timestamps, (x, i) => {
      const value = values[i] as number;
      return { x, y: log && !(value > 0) ? NaN : value / factor };
    }),
    borderColor: faded(colour, highContrast ? 0.8 : 0.5),
    backgroundColor: 'transparent',
    borderWidth: 1.2,
    borderDash: [5, 4],
    pointRadius: 0,
    order: 2,
    fill: false,
  }));
