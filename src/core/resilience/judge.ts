import { percentSign } from '../base/percent';
import { msg, type Text } from '../base/text';
import { formatMetric } from '../diagnosis/reasonText';
import { metricDefinition } from '../metrics/catalogue';
import { formatDuration } from '../time/duration';
import type {
  Aggregation,
  Bound,
  MetricExpectation,
  RecoveryExpectation,
  SampleSource,
  Scope,
} from '../scenario/expectation';
import type { Outcome } from './outcome';
import { baselineOf, limitsOf, within, type Limits, type Samples, type Span } from './samples';

/** When the parts of a test were. What is to come is undefined. */
export interface Phases {
  before: Span;
  /** From the first injection on; `undefined` until then. */
  faultFromMs: number | undefined;
  /** The end of the last fault; `undefined` until then. */
  faultToMs: number | undefined;
  /** The end of the whole test; `undefined` until then. */
  endMs: number | undefined;
}

/** As many samples in a row as a recovery needs: one alone may be noise. */
export const BACK_SAMPLES = 3;

/** Judges the samples that exist at `nowMs` against a bound. */
export function judgeMetric(
  expectation: MetricExpectation,
  samples: Samples,
  phases: Phases,
  nowMs: number,
  baseline = baselineOf(samples, phases.before),
): Outcome {
  const { name, bound, during, forMs } = expectation;
  const write = writerOf(expectation.source);
  const limits = limitsOf(bound, baseline);
  if (!limits)
    return {
      name,
      state: 'inconclusive',
      expected: sourceName(expectation.source),
      seen:
        baseline === undefined
          ? 'Too few samples for a baseline.'
          : 'The baseline is 0, and a share of 0 says nothing. Put load on the database, or use "min" or "max".',
      ...(baseline === undefined ? {} : { baseline }),
    };
  const expected = msg`${sourceName(expectation.source)} ${limitText(limits, bound, baseline, write)}`;
  const known = {
    ...(baseline === undefined ? {} : { baseline }),
    ...(Number.isFinite(limits.low) ? { low: limits.low } : {}),
    ...(Number.isFinite(limits.high) ? { high: limits.high } : {}),
  };
  const span = spanOf(during, phases, nowMs);
  if (!span) return { name, state: 'pending', expected, seen: '', ...known };
  const look = breaches(samples, span, limits, { baseline, write });
  const { brokenAt } = look.firstLongerThan(forMs);
  const facts = { ...known, ...look.facts };
  if (brokenAt !== undefined) return { name, state: 'failed', expected, seen: look.seen, brokenAt, ...facts };
  if (isOpen(during, phases)) return { name, state: 'pending', expected, seen: look.seen, ...facts };
  if (look.facts.worst === undefined) {
    const length = span.toMs - span.fromMs;
    const seen =
      length < samples.stepMs
        ? msg`No samples in ${text(length)}: the step is ${text(samples.stepMs)}. Use a longer duration or a shorter step.`
        : look.seen;
    return { name, state: 'inconclusive', expected, seen, ...facts };
  }
  const gapMs = hidingGap(samples, span, limits, Math.max(forMs, 2 * samples.stepMs));
  if (gapMs > 0) return { name, state: 'inconclusive', expected, seen: msg`No samples for ${text(gapMs)}.`, ...facts };
  return { name, state: 'passed', expected, seen: look.seen, ...facts };
}

/** Judges how soon samples are back near their baseline after the last fault. */
export function judgeRecovery(
  expectation: RecoveryExpectation,
  samples: Samples,
  phases: Phases,
  nowMs: number,
  baseline = baselineOf(samples, phases.before),
): Outcome {
  const { name, to, withinMs, source } = expectation;
  const [what, share, most] = [sourceName(source), percent(to), text(withinMs)];
  const expected =
    baseline === undefined
      ? msg`${what} back to within ${share} of its baseline after at most ${most}`
      : msg`${what} back to within ${share} of its baseline (${writerOf(source)(baseline)}) after at most ${most}`;
  if (baseline === undefined) return { name, state: 'inconclusive', expected, seen: 'Too few samples for a baseline.' };
  if (baseline === 0)
    return { name, state: 'inconclusive', expected, seen: 'The baseline is 0. Put load on the database.', baseline };
  const { faultToMs } = phases;
  if (faultToMs === undefined) return { name, state: 'pending', expected, seen: '', baseline };
  const far = to * Math.abs(baseline);
  let since: number | undefined;
  let count = 0;
  let newest = faultToMs;
  for (const { at, value } of within(samples, { fromMs: faultToMs, toMs: nowMs })) {
    if (!Number.isFinite(value)) continue;
    newest = at;
    if (Math.abs(value - baseline) > far) [since, count] = [undefined, 0];
    else {
      since ??= at;
      count += 1;
      if (count < BACK_SAMPLES) continue;
      const recoveryMs = Math.max(0, since - faultToMs);
      const state = recoveryMs <= withinMs ? 'passed' : 'failed';
      return { name, state, expected, seen: msg`Back after ${text(recoveryMs)}.`, baseline, recoveryMs };
    }
  }
  // Its last samples may have started to recover in time.
  if (newest < faultToMs + withinMs + BACK_SAMPLES * samples.stepMs) {
    if (phases.endMs === undefined) return { name, state: 'pending', expected, seen: '', baseline };
    return {
      name,
      state: 'inconclusive',
      expected,
      seen:
        phases.endMs < faultToMs + BACK_SAMPLES * samples.stepMs
          ? 'The test ended before the recovery.'
          : msg`No samples for ${text(phases.endMs - newest)}.`,
      baseline,
    };
  }
  return {
    name,
    state: 'failed',
    expected,
    seen: msg`Not back after ${text(newest - faultToMs)}.`,
    baseline,
    brokenAt: newest,
  };
}

/** The part of the test that an expectation is about, up to now; undefined before it has begun. */
export function spanOf(during: MetricExpectation['during'], phases: Phases, nowMs: number): Span | undefined {
  const { before, faultFromMs, faultToMs, endMs } = phases;
  const until = endMs ?? nowMs;
  switch (during) {
    case 'before':
      return before;
    case 'fault':
      return faultFromMs === undefined ? undefined : { fromMs: faultFromMs, toMs: faultToMs ?? until };
    case 'recovery':
      return faultToMs === undefined ? undefined : { fromMs: faultToMs, toMs: until };
    case 'always':
      return { fromMs: before.fromMs, toMs: until };
  }
}

const isOpen = (during: MetricExpectation['during'], { faultToMs, endMs }: Phases): boolean =>
  during === 'fault' ? faultToMs === undefined : during !== 'before' && endMs === undefined;

interface Breaches {
  seen: Text;
  facts: Partial<Outcome>;
  firstLongerThan(ms: number): { brokenAt: number | undefined };
}

/** Walks over the samples once: where they are beyond the limits, how far, how long, and what that adds up to. */
function breaches(
  samples: Samples,
  span: Span,
  { low, high }: Limits,
  { baseline, write }: { baseline: number | undefined; write: Writer },
): Breaches {
  const spans: Span[] = [];
  let open: Span | undefined;
  let worst: { at: number; value: number; beyond: number } | undefined;
  let [lengthMs, area] = [0, 0];
  for (const { at, value } of within(samples, span)) {
    if (!Number.isFinite(value)) continue; // it neither ends a breach nor makes one longer
    const outside = Math.max(low - value, value - high);
    const beyond = Number.isFinite(outside) ? outside : -Infinity;
    if (!worst || beyond > worst.beyond) worst = { at, value, beyond };
    if (outside <= 0) {
      open = undefined;
      continue;
    }
    if (open) open.toMs = at;
    else spans.push((open = { fromMs: at, toMs: at }));
    lengthMs += samples.stepMs;
    if (baseline !== undefined) area += (Math.abs(baseline - value) * samples.stepMs) / 1000;
  }
  const facts: Partial<Outcome> = worst
    ? {
        worst: worst.value,
        worstAt: worst.at,
        lengthMs,
        ...(baseline === undefined
          ? {}
          : { area, depth: Math.abs(worst.value - baseline) / Math.max(Math.abs(baseline), Number.MIN_VALUE) }),
      }
    : {};
  return {
    seen: !worst
      ? 'No samples.'
      : lengthMs > samples.stepMs
        ? msg`Worst: ${write(worst.value)}, beyond the limit for ${text(lengthMs)}.`
        : lengthMs > 0
          ? msg`Worst: ${write(worst.value)}, beyond the limit in one sample.`
          : msg`Worst: ${write(worst.value)}.`,
    facts,
    firstLongerThan: (ms) => {
      const found = spans.find(({ fromMs, toMs }) => toMs - fromMs >= ms);
      return { brokenAt: found && found.fromMs + ms };
    },
  };
}

/**
 * The longest gap that could hide a breach of more than what is tolerated: what was broken next to a gap may have been
 * broken all through it. 0 where there is none.
 */
function hidingGap(samples: Samples, span: Span, { low, high }: Limits, toleratedMs: number): number {
  let [goodAt, last, gap, longest] = [span.fromMs, span.fromMs, 0, 0];
  const endAt = (at: number): void => {
    gap = Math.max(gap, at - last);
    if (gap > 2 * samples.stepMs && at - goodAt > toleratedMs) longest = Math.max(longest, gap);
  };
  for (const { at, value } of within(samples, span)) {
    if (!Number.isFinite(value)) continue;
    endAt(at);
    last = at;
    if (value >= low && value <= high) [goodAt, gap] = [at, 0];
  }
  endAt(span.toMs);
  return longest;
}

const AGGREGATED: Readonly<Record<Aggregation, Text>> = { sum: 'sum', mean: 'mean', min: 'lowest', max: 'highest' };
const OF: Readonly<Record<Scope, Text>> = { database: 'all nodes', targets: 'targets', others: 'other nodes' };

/** What samples are, with the metric under its id or another name. */
export const sourceName = (source: SampleSource, metric?: string): Text =>
  'query' in source
    ? source.query
    : msg`${metric ?? source.metric} (${AGGREGATED[source.aggregate]} of ${OF[source.of]})`;

function limitText({ low, high }: Limits, { min, max }: Bound, baseline: number | undefined, write: Writer): Text {
  // What somebody wrote stands as it was written; a share of a baseline is rounded.
  const asWritten = (value: number): string => (Number(value.toPrecision(3)) === value ? write(value) : String(value));
  const least = low === min ? asWritten(low) : write(low);
  const most = high === max ? asWritten(high) : write(high);
  const limits: Text = !Number.isFinite(low)
    ? `≤ ${most}`
    : Number.isFinite(high)
      ? msg`≥ ${least} and ≤ ${most}`
      : `≥ ${least}`;
  return baseline === undefined ? limits : msg`${limits} (baseline ${write(baseline)})`;
}

type Writer = (value: number) => string;

/** Writes values with the unit of their metric; those of a query have none that is known. */
function writerOf(source: SampleSource): Writer {
  const unit = 'metric' in source ? metricDefinition(source.metric)?.unit : undefined;
  return (value) => formatMetric(value, unit);
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
const percent = (share: number): string => percentSign(short(share * 100));
const text = (ms: number): string => formatDuration(Math.round(ms / 1000) * 1000);
