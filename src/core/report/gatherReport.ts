import { AppError } from '../base/errors';
import { attempt, gatherMeanwhile } from '../evaluation/meanwhile';
import type { ExperimentEvent } from '../experiments/experiment';
import type { Clock } from '../base/clock';
import type { Text } from '../base/text';
import type { Log } from '../base/log';
import type { AnomalyScorer } from '../diagnosis/scorer';
import type { ExperimentGateway } from '../experiments/gateway';
import type { Evaluator } from '../evaluation/evaluator';
import type { PastDiagnosis } from '../evaluation/pastDiagnosis';
import { expectedMetrics, metricBounds } from '../testResults/metricBounds';
import type { ShownTest } from '../resilience/testBoard';
import { htmlDocument } from './document/htmlDocument';
import { markdownDocument } from './document/markdownDocument';
import { reportCharts } from './charts/drawings';
import { experimentReport } from './experimentReport';
import { measuredImpact } from './measuredImpact';
import type { ReportInput } from './reportInput';
import { reportClock } from './reportClock';
import { reportManifest } from './reportManifest';
import { svgChart } from './charts/svgChart';

/** Where a report's facts come from. */
export interface ReportSources {
  evaluator: Evaluator;
  past: PastDiagnosis;
  scorer: AnomalyScorer;
  experiments: Pick<ExperimentGateway, 'events'>;
  /** The cluster's time. */
  clock: Clock;
  log: Log;
  toYaml: (object: unknown) => string;
}

/** A report's texts, and facts about where it was written. */
export interface ReportWords extends Pick<
  ReportInput,
  'say' | 'language' | 'nameOf' | 'metricName' | 'reasonOf' | 'versions' | 'cluster' | 'tested'
> {
  /** The resilience test that injected it; undefined where none did, or none is known. */
  testedBy?: { test: Omit<ShownTest, 'refs'>; textOf: (text: Text) => string } | undefined;
  /** The current nodes, which determine the colours in the panel. */
  nodes: readonly string[];
  /** How far ahead of UTC the reader's zone is, minutes. */
  zoneMinutes: number;
}

/** A report that can be written in either format. */
export interface GatheredReport {
  /** For the name of a file. */
  name: string;
  /** The report as one file. */
  html: () => string;
  /** The report, and its pictures as files in a folder next to it. */
  markdown: (folder: string) => { text: string; pictures: readonly { file: string; svg: string }[] };
}

/** What is charted before and after the experiment. */
const BEFORE_MS = 10 * 60_000;
const AFTER_MS = 5 * 60_000;

/** Gathers everything about one of our experiments. Data that are no longer available are left out, with a note; rejects when aborted. */
export async function gatherReport(
  key: string,
  sources: ReportSources,
  words: ReportWords,
  signal: AbortSignal,
): Promise<GatheredReport> {
  const { evaluator, past, scorer, experiments, clock, log, toYaml } = sources;
  await attempt('looks at the past', evaluator.complete(signal), log, signal);
  const verdict = evaluator.verdictOf(key);
  if (!verdict)
    throw new AppError('notFound', 'No results for this experiment yet.', {
      hint: 'Reports are available for experiments that hit a target since this window was opened.',
    });
  const { span, first, seen } = verdict;
  const experiment = evaluator.experimentOf(span.key);
  const extended = span.earlier ?? [];
  const now = clock.now();
  const zone = reportClock(words.zoneMinutes);
  const end = Math.min(now, span.toMs ?? now);
  const chartsTo = Math.min(now, end + AFTER_MS);
  const told = { type: span.label, nodes: span.nodes, atMs: first?.at ?? seen?.at ?? end, toMs: end };
  const asked = { fromMs: span.fromMs - BEFORE_MS, toMs: chartsTo, faults: [told] };
  const { frame, ranks, diagnoses } = await gatherMeanwhile(asked, { past, scorer, log }, signal);
  const [diagnosis] = diagnoses;
  const events: ExperimentEvent[] = [];
  for (const { ref } of [...extended, span])
    events.push(...((await attempt('events', experiments.events(ref, signal), log, signal)) ?? []));
  signal.throwIfAborted();
  const named = (diagnosis?.ranking ?? []).filter((pair) => pair.named);
  const speaking = named.flatMap(({ reasons }) => reasons.map(({ metric }) => metric));
  const { testedBy } = words;
  const charts = !frame
    ? []
    : reportCharts({
        ...words,
        frame,
        ranks,
        fromMs: span.fromMs - BEFORE_MS,
        toMs: chartsTo,
        spans: [{ title: words.nameOf(span.label), nodes: span.nodes, fromMs: span.fromMs, toMs: end }],
        first: [...expectedMetrics(testedBy?.test.expectations ?? []), ...speaking],
        bounds: testedBy ? metricBounds(testedBy.test, frame.nodes, now) : [],
        textOf: testedBy?.textOf,
        focus: named.map(({ node }) => node),
        clock: zone,
      });
  const meanwhile = evaluator.board.verdicts
    .map((one) => one.span)
    .filter((one) => one.key !== span.key && one.fromMs < end + AFTER_MS && (one.toMs ?? now) > span.fromMs);
  const hitByOthers = new Set(meanwhile.flatMap(({ nodes }) => nodes).filter((node) => !span.nodes.includes(node)));
  const impact = frame && measuredImpact(frame, span, BEFORE_MS);
  const report = experimentReport({
    ...words,
    verdict,
    board: evaluator.board,
    experiment,
    extended: extended.flatMap((one) => evaluator.experimentOf(one.key) ?? []),
    manifest: experiment && toYaml(reportManifest(experiment.object)),
    events,
    diagnosis,
    meanwhile,
    impact: impact && {
      ...impact,
      rows: impact.rows.filter(({ node }) => !hitByOthers.has(node)),
      leftOut: [...hitByOthers],
    },
    charts,
    writtenAt: now,
    clock: zone,
  });
  return {
    name: span.ref.name,
    html: () => htmlDocument(report),
    markdown: (folder) => ({
      text: markdownDocument(report, ({ name }) => `${folder}/${name}.svg`),
      pictures: charts.map(({ name, drawing }) => ({ file: `${name}.svg`, svg: svgChart(drawing) })),
    }),
  };
}
