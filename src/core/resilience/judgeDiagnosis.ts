import { joined, msg, type Text } from '../base/text';
import type { DiagnosisSample } from '../evaluation/sample';
import { formatDuration } from '../time/duration';
import type { DiagnosisExpectation } from '../scenario/expectation';
import type { Phases } from './judge';
import type { Outcome } from './outcome';

/** A fault as the diagnosis should name it. */
export interface InjectedFault {
  node: string;
  type: string;
  /** When it was injected, epoch milliseconds; undefined before that. */
  fromMs: number | undefined;
}

/** Judges whether every injected fault was named on its node in time, and nothing else. */
export function judgeDiagnosis(
  { name, withinMs, noOther }: DiagnosisExpectation,
  faults: readonly InjectedFault[],
  samples: readonly DiagnosisSample[],
  { faultToMs, endMs }: Phases,
): Outcome {
  const within = formatDuration(withinMs);
  const expected: Text = noOther
    ? msg`The diagnosis names ${list(faults)} and nothing else within ${within}`
    : msg`The diagnosis names ${list(faults)} within ${within}`;
  const answered = samples.filter((sample) => sample.answered);
  const named = (sample: DiagnosisSample): DiagnosisSample['ranking'] => sample.ranking.filter((pair) => pair.named);
  const injected = (node: string, type: string): boolean =>
    faults.some((fault) => fault.node === node && fault.type === type);
  const others = noOther
    ? answered.flatMap((sample) =>
        named(sample)
          .filter(({ node, type }) => !injected(node, type))
          .map((pair) => ({ pair, at: sample.at })),
      )
    : [];
  const [other] = others;
  if (other)
    return {
      name,
      state: 'failed',
      expected,
      seen: msg`It named ${other.pair.type} on ${other.pair.node}.`,
      brokenAt: other.at,
    };
  const found = faults.map(({ node, type, fromMs }) => ({
    node,
    type,
    fromMs,
    at: answered.find(
      (sample) =>
        sample.at >= (fromMs ?? Infinity) && named(sample).some((pair) => pair.node === node && pair.type === type),
    )?.at,
  }));
  const delays = found.map(({ fromMs, at }) => (at === undefined || fromMs === undefined ? Infinity : at - fromMs));
  const latest = Math.max(...delays);
  if (latest <= withinMs) {
    const seen = msg`Named after ${seconds(latest)}.`;
    // Something else may still be named until the faults have ended.
    return { name, state: noOther && faultToMs === undefined ? 'pending' : 'passed', expected, seen };
  }
  const missing = found.filter((_, i) => (delays[i] as number) > withinMs);
  const over = faultToMs ?? endMs;
  const newest = answered.at(-1)?.at ?? -Infinity;
  // The diagnosis answers some time after a moment: until it has, the fault may still have been named in time.
  const isOpen = endMs === undefined && missing.some(({ fromMs = -Infinity }) => newest < fromMs + withinMs);
  if (over === undefined || isOpen) return { name, state: 'pending', expected, seen: '' };
  // Where all were named later, that is known all the same.
  const late = Number.isFinite(latest) ? [msg`Named after ${seconds(latest)}.`] : [];
  const told = ({ fromMs = Infinity }: InjectedFault): boolean =>
    answered.some(({ at }) => at >= fromMs && at <= fromMs + withinMs);
  if (!missing.every(told)) {
    const seen = joined([msg`No diagnosis within ${within} of the injection.`, ...late]);
    return { name, state: 'inconclusive', expected, seen };
  }
  const seen = joined([msg`Not named in time: ${list(missing)}.`, ...late]);
  return { name, state: 'failed', expected, seen, brokenAt: over };
}

const seconds = (ms: number): string => formatDuration(Math.round(ms / 1000) * 1000);

const list = (faults: readonly Pick<InjectedFault, 'node' | 'type'>[]): Text =>
  joined(
    faults.map(({ node, type }) => msg`${type} on ${node}`),
    ', ',
  );
