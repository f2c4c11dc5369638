import { metricDefinition, type MetricId } from '../metrics/catalogue';
import type { MetricFrame } from '../metrics/series';
import { reasonText } from '../diagnosis/reasonText';
import type { Diagnosis, RankSeries } from '../diagnosis/types';
import type { ExperimentVerdict } from '../evaluation/verdict';
import { faultTitle } from '../faults/catalogue';
import { expectedMetrics, metricBounds, type BoundedTest } from '../testResults/metricBounds';
import type { Outcome } from '../resilience/outcome';
import { htmlDocument } from './document/htmlDocument';
import type { Block, ReportLine, ReportDocument } from './document/reportDocument';
import { reportCharts } from './charts/drawings';
import { impactTable } from './impactTable';
import { lengthText, secondsText } from './lengths';
import { measuredImpact } from './measuredImpact';
import { reportClock, type ReportClock } from './reportClock';
import { inEnglish } from './reportTexts';
import { verdictText, verdictTone, worstTone, type ReportedVerdict } from './reportedVerdict';
import { statePiece } from './stateText';
import { diagnosisEntries } from './timeline';
import { namedBlocks, verdictLines } from './verdictText';

/** One fault of a test as it was injected. Times are epoch milliseconds. */
interface ReportedFault {
  title: string;
  /** What it does, with its strength: `delay 300ms on egress → ob-2`. */
  summary: string;
  nodes: readonly string[];
  /** How long it was to act; 0 where it happens once. */
  durationMs: number;
  fromMs: number;
  /** Undefined = it was still running. */
  toMs: number | undefined;
  /** What became of it in the diagnosis, and the first diagnosis that named it with evidence, else the first, else that at the end. */
  verdict?: ExperimentVerdict;
  diagnosis?: Diagnosis | undefined;
}

/** One test with all that its report shows. */
export interface ReportedTest {
  file: string;
  /** The scenario's name. */
  name: string;
  verdict: ReportedVerdict;
  reason: string | undefined;
  outcomes: readonly Outcome[];
  startedAt: number;
  seconds: number;
  /** Experiments that could not be stopped. */
  left: readonly string[];
  faults?: readonly ReportedFault[];
  /** What was expected: the charts of it come first. */
  expected?: Omit<BoundedTest, 'outcomes'>;
  /** The metrics from some minutes before the first fault on; without it there are no charts and no impact. */
  frame?: MetricFrame;
  ranks?: RankSeries;
  /** What could not be had for the report. */
  lacks?: readonly string[];
}

/** A run of tests. */
export interface ReportedRun {
  tests: readonly ReportedTest[];
  /** The kubeconfig context. */
  cluster: string;
  writtenAt: number;
  /** Name and value. */
  versions: readonly (readonly [string, string])[];
  /** How far ahead of UTC the times are written, minutes. */
  zoneMinutes?: number;
}

/** The baseline is this long, before the first fault. */
const BASELINE_MS = 10 * 60_000;

/** A run of resilience tests as one HTML file. */
export const testRunHtml = (run: ReportedRun): string => htmlDocument(testRunDocument(run));

/** A run of resilience tests: what was injected and whether the database withstood it, then each test. */
function testRunDocument({ tests, cluster, writtenAt, versions, zoneMinutes = 0 }: ReportedRun): ReportDocument {
  const clock = reportClock(zoneMinutes);
  return {
    language: 'en',
    title: `Resilience test report – ${cluster}`,
    blocks: [
      { type: 'summary', text: summary(tests, cluster), tone: worstTone(tests) },
      {
        type: 'facts',
        rows: [
          ['Cluster', cluster],
          ['Written', clock.dateTime(writtenAt)],
          ['Times', clock.zone],
        ],
      },
      {
        type: 'table',
        head: ['Test', 'Result', 'Expectations met', 'Took'],
        rows: tests.map(({ name, verdict, outcomes, seconds }, i) => [
          { text: name, to: anchorOf(i) },
          { text: verdictText(verdict), tone: verdictTone(verdict) },
          `${outcomes.filter(({ state }) => state === 'passed').length} of ${outcomes.length}`,
          secondsText(1000 * seconds),
        ]),
        figures: [2, 3],
      },
      ...tests.flatMap((test, i) => testBlocks(test, anchorOf(i), clock)),
      { type: 'heading', text: 'Versions' },
      { type: 'list', items: versions.map(([name, value]) => `${name}: ${value}`) },
    ],
  };
}

/** A test's place, not its name: names may be the same, and hold anything. */
const anchorOf = (place: number): string => `test-${place + 1}`;

/** What came out, in a sentence or two; what may still be running is said first of all. */
function summary(tests: readonly ReportedTest[], cluster: string): ReportLine {
  const passed = tests.filter(({ verdict }) => verdict === 'passed').length;
  const others = tests
    .filter(({ verdict }) => verdict !== 'passed')
    .map(({ name, verdict }) => `${name} (${verdictText(verdict)})`);
  const left = tests.flatMap((test) => test.left);
  const result = `${passed} of ${tests.length} ${tests.length === 1 ? 'test' : 'tests'} passed on ${cluster}.`;
  return [
    ...(left.length > 0 ? [{ strong: `Could not be stopped and may still be running: ${left.join(', ')}. ` }] : []),
    result,
    ...(others.length > 0 ? [` Not passed: ${others.join(', ')}.`] : []),
  ];
}

function testBlocks(test: ReportedTest, id: string, clock: ReportClock): Block[] {
  const { name, file, verdict, reason, startedAt, seconds, outcomes, faults = [], left, lacks = [] } = test;
  const result = { strong: verdictText(verdict), tone: verdictTone(verdict) };
  return [
    { type: 'heading', text: name, id },
    {
      type: 'facts',
      rows: [
        ['File', { code: file }],
        ['Result', reason === undefined ? result : [result, ` – ${reason}`]],
        ['Ran', `${clock.dateTime(startedAt)} for ${secondsText(1000 * seconds)}`],
        ...(faults.length > 0 ? [['Injected', faults.map(injectedText).join('; ')] as const] : []),
        ...(lacks.length > 0
          ? [['Missing', `${lacks.join(' and ')}: could not be read from Prometheus.`] as const]
          : []),
        ...(left.length > 0 ? [['Could not be stopped', left.join(', ')] as const] : []),
      ],
    },
    ...(outcomes.length > 0
      ? [{ type: 'heading', text: 'Expectations', level: 3 } as const, expectations(outcomes)]
      : []),
    ...diagnosisBlocks(faults, clock),
    ...timelineBlocks(test, clock),
    ...measured(test, clock),
  ];
}

/** A fault with its nodes, its length, and its strength, as its plan has them. */
function injectedText({ title, summary, nodes, durationMs, fromMs, toMs }: ReportedFault): string {
  const planned = secondsText(durationMs);
  const acted = toMs === undefined ? planned : lengthText(fromMs, toMs);
  const length = durationMs === 0 ? '' : ` for ${acted === planned ? planned : `${acted} of ${planned} planned`}`;
  return `${title} on ${nodes.join(', ')}${length} (${summary})`;
}

const expectations = (outcomes: readonly Outcome[]): Block => ({
  type: 'table',
  head: ['Expectation', 'Result', 'Expected', 'Seen', 'Recovered after'],
  rows: outcomes.map(({ name, state, expected, seen, recoveryMs }) => [
    name,
    statePiece(state, inEnglish),
    String(expected),
    String(seen),
    recoveryMs === undefined ? '–' : secondsText(recoveryMs),
  ]),
  figures: [4],
});

/** What the diagnosis said of each fault, as the report of an experiment has it. */
function diagnosisBlocks(faults: readonly ReportedFault[], clock: ReportClock): Block[] {
  const judged = faults.flatMap(({ title, nodes, verdict, diagnosis }): Block[] => {
    if (!verdict) return [];
    const part = { verdict, diagnosis, say: inEnglish, nameOf, reasonOf: reasonText, clock };
    const name: Block[] = faults.length > 1 ? [{ type: 'paragraph', text: `${title} on ${nodes.join(', ')}:` }] : [];
    return [...name, { type: 'list', items: verdictLines(part) }, ...namedBlocks(part)];
  });
  return judged.length === 0 ? [] : [{ type: 'heading', text: 'Diagnosis', level: 3 }, ...judged];
}

const nameOf = (type: string): string => String(faultTitle(type));

/** The faults and the diagnoses, in the order of time. */
function timelineBlocks({ faults = [], startedAt }: ReportedTest, clock: ReportClock): Block[] {
  const events = [
    ...faults.flatMap(({ title, nodes, fromMs, toMs }) => [
      { at: fromMs, text: `injected: ${title} (${nodes.join(', ')})` },
      ...(toMs === undefined ? [] : [{ at: toMs, text: `ended: ${title} (${nodes.join(', ')})` }]),
    ]),
    ...faults.flatMap(({ verdict }) => (verdict ? diagnosisEntries({ verdict, say: inEnglish, nameOf }) : [])),
  ].sort((a, b) => a.at - b.at);
  if (events.length === 0) return [];
  return [
    { type: 'heading', text: 'Timeline', level: 3 },
    {
      type: 'table',
      head: [`Time (${clock.zone})`, 'Event'],
      rows: events.map(({ at, text }) => [clock.timeOn(at, startedAt), text]),
    },
  ];
}

/** What the faults did to the metrics, and the charts of it. */
function measured({ frame, ranks, outcomes, expected, faults = [] }: ReportedTest, clock: ReportClock): Block[] {
  const knownMs = frame?.timestamps.at(-1);
  const fromMs = Math.min(...faults.map((fault) => fault.fromMs));
  if (!frame || knownMs === undefined || !Number.isFinite(fromMs)) return [];
  const open = faults.some(({ toMs }) => toMs === undefined);
  const toMs = open ? undefined : Math.max(...faults.map((fault) => fault.toMs ?? 0));
  const impacts = measuredImpact(frame, { fromMs, toMs }, BASELINE_MS);
  const charts = reportCharts({
    frame,
    nodes: frame.nodes,
    ranks,
    fromMs: fromMs - BASELINE_MS,
    toMs: knownMs,
    spans: faults.map((fault) => ({ ...fault, toMs: fault.toMs ?? knownMs })),
    first: [...expectedMetrics(expected?.expectations ?? []), ...impacts.rows.map(({ metric }) => metric)],
    bounds: expected ? metricBounds({ ...expected, outcomes }, frame.nodes, knownMs) : [],
    metricName,
    clock,
    say: inEnglish,
  });
  return [
    { type: 'heading', text: 'Impact', level: 3 },
    ...impactTable(impacts, { say: inEnglish, clock, metricName, fromMs, toMs }),
    { type: 'heading', text: 'Charts', level: 3 },
    { type: 'charts', charts },
  ];
}

const metricName = (metric: MetricId): string => String(metricDefinition(metric)?.title ?? metric);
