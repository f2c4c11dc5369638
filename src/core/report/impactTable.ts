import { formatMetric } from '../diagnosis/reasonText';
import { metricDefinition, type MetricId } from '../metrics/catalogue';
import type { Block } from './document/reportDocument';
import { secondsText } from './lengths';
import type { MeasuredImpact } from './measuredImpact';
import type { ReportClock } from './reportClock';
import type { Say } from './reportTexts';

/** Rows of an impact table at the most, the strongest. */
const MOST = 15;

/** What a table of impacts is written with. */
interface ImpactWords {
  say: Say;
  clock: ReportClock;
  metricName: (metric: MetricId) => string;
  /** When the experiment began; its end is undefined while it runs. */
  fromMs: number;
  toMs: number | undefined;
  /** Up to when the metrics are known. */
  knownMs: number;
}

/** What an experiment did: metric, node, baseline, worst value and the time to recover. */
export function impactTable(impacts: readonly MeasuredImpact[], words: ImpactWords): Block[] {
  const { say, clock, metricName, fromMs, toMs, knownMs } = words;
  if (impacts.length === 0) return [{ type: 'paragraph', text: say('No metric left its baseline noticeably.') }];
  const recovery = ({ recoveredAfterMs }: MeasuredImpact): string =>
    toMs === undefined
      ? say('still running')
      : recoveredAfterMs === undefined
        ? say('not within {0}', secondsText(Math.max(0, knownMs - toMs)))
        : secondsText(recoveredAfterMs);
  const rows = impacts.slice(0, MOST).map((impact) => {
    const unit = metricDefinition(impact.metric)?.unit;
    return [
      metricName(impact.metric),
      impact.node,
      formatMetric(impact.baseline, unit),
      `${formatMetric(impact.worst, unit)}${factorOf(impact)}`,
      clock.timeOn(impact.worstAt, fromMs),
      recovery(impact),
    ];
  });
  const head = [say('Metric'), say('Node'), say('Baseline'), say('Worst'), say('Worst at'), say('Recovered after')];
  const more = impacts.length - rows.length;
  return [
    { type: 'table', head, rows, figures: [2, 3, 4, 5] },
    ...(more > 0 ? [{ type: 'paragraph' as const, text: say('{0} weaker changes are not listed.', more) }] : []),
  ];
}

/** ` (×2.0)`; nothing where the baseline is nothing. */
function factorOf({ worst, baseline }: MeasuredImpact): string {
  const factor = worst / baseline;
  if (!Number.isFinite(factor) || factor < 0) return '';
  return ` (×${factor >= 10 ? Math.round(factor) : factor.toFixed(factor >= 0.1 ? 1 : 2)})`;
}

/** In one sentence whether what the experiment moved came back; undefined while it runs, and where nothing moved. */
export function recoverySentence(
  impacts: readonly MeasuredImpact[],
  { say, toMs, knownMs }: Pick<ImpactWords, 'say' | 'toMs' | 'knownMs'>,
): string | undefined {
  if (toMs === undefined || impacts.length === 0) return undefined;
  const open = impacts.filter(({ recoveredAfterMs }) => recoveredAfterMs === undefined).length;
  const known = secondsText(Math.max(0, knownMs - toMs));
  if (open > 0)
    return say('{0} of {1} affected metrics had not recovered {2} after the end.', open, impacts.length, known);
  const last = Math.max(...impacts.map(({ recoveredAfterMs }) => recoveredAfterMs ?? 0));
  return say('All affected metrics recovered within {0} after the end.', secondsText(last));
}
