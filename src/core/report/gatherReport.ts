import { AppError, isAbort } from '../base/errors';
import { analyseAll } from '../monitoring/lookFrames';
import type { MetricId } from '../metrics/catalogue';
import type { ExperimentEvent } from '../experiments/experiment';
import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import type { AnomalyScorer } from '../diagnosis/scorer';
import type { ExperimentGateway } from '../experiments/gateway';
import type { Evaluator } from '../evaluation/evaluator';
import type { PastDiagnosis } from '../evaluation/pastDiagnosis';
import { reportCharts, type ReportChart } from './drawings';
import { experimentReport } from './experimentReport';
import type { ReportInput } from './reportInput';
import { reportClock } from './reportClock';
import { reportManifest } from './reportManifest';

/** Where a report's facts come from. */
export interface ReportSources {
  truth: Evaluator;
  past: PastDiagnosis;
  scorer: AnomalyScorer;
  experiments: Pick<ExperimentGateway, 'events'>;
  /** The cluster's time. */
  clock: Clock;
  log: Log;
  toYaml: (object: unknown) => string;
}

/** How a report is worded, and what is told about the place that it was written in. */
export interface ReportWords extends Pick<
  ReportInput,
  'say' | 'nameOf' | 'reasonOf' | 'versions' | 'cluster' | 'tested'
> {
  metricName: (metric: MetricId) => string;
  /** How far ahead of UTC the reader's zone is, minutes. */
  zoneMinutes: number;
}

/** A report that waits for its pictures. */
export interface GatheredReport {
  /** For the name of a file. */
  name: string;
  charts: readonly ReportChart[];
  /** The Markdown, with the charts' files at these paths. */
  write: (paths: readonly string[]) => string;
}

/** What is charted before and after the experiment. */
const BEFORE_MS = 10 * 60_000;
const AFTER_MS = 5 * 60_000;

/** Gathers all that is known of an experiment of ours. What cannot be had any more is left out and said; rejects when aborted. */
export async function gatherReport(
  key: string,
  sources: ReportSources,
  words: ReportWords,
  signal: AbortSignal,
): Promise<GatheredReport> {
  const { truth, past, scorer, experiments, clock, log, toYaml } = sources;
  const attempt = async <T>(what: string, work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      if (signal.aborted || isAbort(error)) throw error;
      log.warn(`the report has no ${what}: ${String(error)}`);
      return undefined;
    }
  };
  await attempt('looks at the past', truth.complete(signal));
  const verdict = truth.verdictOf(key);
  if (!verdict)
    throw new AppError('notFound', 'No results for this experiment yet.', {
      hint: 'Reports are available for experiments that hit a target since this window was opened.',
    });
  const { span, first, seen } = verdict;
  const experiment = truth.experimentOf(span.key);
  const extended = span.earlier ?? [];
  const now = clock.now();
  const zone = reportClock(words.zoneMinutes);
  const end = Math.min(now, span.toMs ?? now);
  const chartsTo = Math.min(now, end + AFTER_MS);
  const frame = await attempt('metrics', past.frame(span.fromMs - BEFORE_MS, chartsTo, signal));
  const ranked = frame && { timestamps: frame.timestamps, windowMs: past.windowMs };
  const ranks = ranked && (await attempt('ranks', analyseAll(scorer, frame, ranked, signal)))?.ranks;
  const moment = first?.at ?? seen?.at ?? end;
  const then = frame && (await attempt('diagnosis', past.at(moment, signal)));
  const diagnosis = then?.diagnosis;
  const events: ExperimentEvent[] = [];
  for (const { ref } of [...extended, span])
    events.push(...((await attempt('events', experiments.events(ref, signal))) ?? []));
  const speaking = (diagnosis?.ranking ?? [])
    .filter(({ named }) => named)
    .flatMap(({ reasons }) => reasons.map(({ metric }) => metric));
  const charts = !frame
    ? []
    : reportCharts({
        frame,
        ranks,
        fromMs: span.fromMs - BEFORE_MS,
        toMs: chartsTo,
        span: { title: words.nameOf(span.label), fromMs: span.fromMs, toMs: end },
        first: speaking,
        rankTitle: words.say('Anomaly score'),
        titleOf: words.metricName,
        clock: zone,
      });
  return {
    name: span.ref.name,
    charts,
    write: (paths) =>
      experimentReport({
        ...words,
        verdict,
        board: truth.board,
        experiment,
        extended: extended.flatMap((one) => truth.experimentOf(one.key) ?? []),
        manifest: experiment && toYaml(reportManifest(experiment.object)),
        events,
        diagnosis,
        charts: charts.map(({ title }, i) => ({ title, path: paths[i] ?? '' })),
        writtenAt: now,
        clock: zone,
      }),
  };
}
