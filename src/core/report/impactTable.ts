import { formatMetric } from '../diagnosis/reasonText';
import { metricDefinition, type MetricId } from '../metrics/catalogue';
import type { Block } from './document/reportDocument';
import { secondsText } from './lengths';
import type { MeasuredImpact, MeasuredImpacts } from './measuredImpact';
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
}

/** What an experiment did: metric, node, baseline, worst value and the time to recover. */
export function impactTable(impacts: MeasuredImpacts, words: ImpactWords): Block[] {
  const { say, clock, metricName, fromMs, toMs } = words;
  if (impacts.rows.length === 0) return [{ type: 'paragraph', text: nothingMeasured(impacts, words) }];
  const { watchedMs, enough } = watchedAfter(impacts, toMs ?? fromMs);
  const unseen = enough
    ? say('not within {0}', secondsText(watchedMs))
    : watchedMs < 1000
      ? say('not watched')
      : say('not seen (watched for {0})', secondsText(watchedMs));
  const recovery = ({ recoveredAfterMs }: MeasuredImpact): string =>
    toMs === undefined ? say('still running') : recoveredAfterMs === undefined ? unseen : secondsText(recoveredAfterMs);
  const rows = impacts.rows.slice(0, MOST).map((impact) => {
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
  const more = impacts.rows.length - rows.length;
  return [
    { type: 'table', head, rows, figures: [2, 3, 4, 5] },
    ...(more > 0 ? [{ type: 'paragraph' as const, text: say('{0} weaker changes are not listed.', more) }] : []),
  ];
}

/** Why there is nothing to list: that nothing moved is said only where it would have been seen. */
function nothingMeasured(impacts: MeasuredImpacts, { say, fromMs }: ImpactWords): string {
  if (!impacts.hasBaseline) return say('Too few samples from before the injection: the impact is not known.');
  const { watchedMs, enough } = watchedAfter(impacts, fromMs);
  return enough
    ? say('No metric left its baseline noticeably.')
    : say(
        'Metrics are known for only {0} from the injection on, too short to measure the impact.',
        secondsText(watchedMs),
      );
}

/** How long metrics are known after a moment, and whether what changed then would show in them. */
function watchedAfter(
  { knownMs, showsMs }: Pick<MeasuredImpacts, 'knownMs' | 'showsMs'>,
  ms: number,
): { watchedMs: number; enough: boolean } {
  const watchedMs = Math.max(0, knownMs - ms);
  return { watchedMs, enough: watchedMs >= showsMs };
}

/** ` (×2.0)`; nothing where the baseline is nothing. */
function factorOf({ worst, baseline }: MeasuredImpact): string {
  const factor = worst / baseline;
  if (!Number.isFinite(factor) || factor < 0) return '';
  return ` (×${factor >= 10 ? Math.round(factor) : factor.toFixed(factor >= 0.1 ? 1 : 2)})`;
}

/** In one sentence whether what the experiment moved came back; undefined while it runs, and where nothing moved. */
export function recoverySentence(
  impacts: MeasuredImpacts,
  { say, toMs }: Pick<ImpactWords, 'say' | 'toMs'>,
): string | undefined {
  const { rows } = impacts;
  if (toMs === undefined || rows.length === 0) return undefined;
  const open = rows.filter(({ recoveredAfterMs }) => recoveredAfterMs === undefined).length;
  const { watchedMs, enough } = watchedAfter(impacts, toMs);
  const [all, watched] = [rows.length, secondsText(watchedMs)];
  if (open > 0 && enough)
    return say('{0} of {1} affected metrics had not recovered {2} after the end.', open, all, watched);
  if (open > 0 && watchedMs < 1000) return say('The metrics were not watched after the end.');
  if (open > 0)
    return say(
      'Recovery of {0} of {1} affected metrics was not seen: they were watched for {2} after the end.',
      ...[open, all, watched],
    );
  const last = Math.max(...rows.map(({ recoveredAfterMs }) => recoveredAfterMs ?? 0));
  return say('All affected metrics recovered within {0} after the end.', secondsText(last));
}
