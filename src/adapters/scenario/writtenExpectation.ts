import { formatDuration } from '../../core/time/duration';
import type { Expectation, SampleSource } from '../../core/scenario/expectation';

/** An expectation as its part of a scenario file. */
export function writtenExpectation(one: Expectation): Record<string, unknown> {
  const { name } = one;
  switch (one.kind) {
    case 'metric': {
      const { min, max, within, atLeast, atMost } = one.bound;
      return written({
        name,
        ...writtenSource(one.source),
        min,
        max,
        within: percent(within),
        'at-least': percent(atLeast),
        'at-most': percent(atMost),
        during: one.during,
        for: one.forMs > 0 ? formatDuration(one.forMs) : undefined,
        abort: one.abort || undefined,
      });
    }
    case 'recovery':
      return {
        name,
        recovers: { ...writtenSource(one.source), to: percent(one.to), within: formatDuration(one.withinMs) },
      };
    case 'diagnosis':
      return {
        name,
        diagnosis: written({
          names: 'injected',
          within: formatDuration(one.withinMs),
          'no-other': one.noOther || undefined,
        }),
      };
    case 'events': {
      const { type, reasons, max } = one;
      const [reason] = reasons;
      const events = written({ type, reason: reasons.length > 1 ? [...reasons] : reason, max });
      return written({ name, events, abort: one.abort || undefined });
    }
    case 'pods':
      return written({ name, [one.count]: { max: one.max }, abort: one.abort || undefined });
  }
}

const writtenSource = (source: SampleSource): Record<string, unknown> => ({ ...source });
const written = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
const percent = (share: number | undefined): string | undefined =>
  share === undefined ? undefined : `${Number((share * 100).toPrecision(6))}%`;
