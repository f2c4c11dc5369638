import type { MetricUnit } from '../../core/metrics/catalogue';
import type { PanelThreshold } from '../../shared/protocol';
import { formatValue } from '../format';
import { t } from '../texts';
import type { ThresholdLine } from './chartModel';
import { extent } from './valueScale';

/** A limit so many times above all values would press the lines flat: it is told in words only. */
const FAR = 1.5;

/** The lines of what is expected, a line for each end. */
export function thresholdLines(thresholds: readonly PanelThreshold[], unit: MetricUnit | undefined): ThresholdLine[] {
  return thresholds.flatMap(({ name, fromMs, toMs, low, high, perNode, broken }) =>
    [
      { value: low, sign: '≥' },
      { value: high, sign: '≤' },
    ].flatMap(({ value, sign }) => {
      if (value === undefined) return [];
      const limit = `${sign} ${formatValue(value, unit)}`;
      const text = `${name}: ${perNode ? t('{0} per node', limit) : limit}`;
      return [{ value, fromMs, toMs, text, broken }];
    }),
  );
}

/** Those that the value axis makes room for. */
export function inReach(lines: readonly ThresholdLine[], columns: readonly ArrayLike<number>[]): ThresholdLine[] {
  if (lines.length === 0) return [];
  const { high } = extent(columns) ?? { high: Infinity };
  return lines.filter(({ value }) => value <= FAR * high);
}

/** What is expected, for a screen reader. */
export const spokenThresholds = (lines: readonly ThresholdLine[]): string =>
  lines.map(({ text, broken }) => (broken ? t('{0} (broken)', text) : text)).join(', ');
