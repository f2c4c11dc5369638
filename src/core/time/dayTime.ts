/** Writes times for people, of this machine's zone: the language's own date, always on a 24 h clock. */
export interface TimeWriter {
  /** `14:03:05`, without seconds `14:03`. */
  timeOfDay: (ms: number, seconds?: boolean) => string;
  /** Day and month, as at midnight on an axis. */
  dayOf: (ms: number) => string;
  /** Day and time, where it may be another day. */
  dayAndTime: (ms: number) => string;
  /** Today the time to the minute, else the day with it. */
  recent(ms: number, nowMs: number): string;
  /** From when to when, to the minute; the day is there where it is not today's, and once where both have the same. */
  stretchEnds: (fromMs: number, toMs: number, nowMs: number) => [from: string, to: string];
}

const CLOCK = { hour: '2-digit', minute: '2-digit' } as const;
const DAY = { day: 'numeric', month: 'short' } as const;

/** A writer in a language; undefined = the machine's own. */
export function timeWriter(language: string | undefined): TimeWriter {
  const formats = new Map<string, Intl.DateTimeFormat>();
  // Each is made once, at its first use: making one is far dearer than using it.
  const write = (options: Intl.DateTimeFormatOptions, ms: number): string => {
    const key = Object.keys(options).join();
    let format = formats.get(key);
    if (!format) formats.set(key, (format = new Intl.DateTimeFormat(language, { ...options, hourCycle: 'h23' })));
    return format.format(ms);
  };
  const sameDay = (a: number, b: number): boolean => new Date(a).toDateString() === new Date(b).toDateString();
  const recent = (ms: number, nowMs: number): string => write(sameDay(ms, nowMs) ? CLOCK : { ...DAY, ...CLOCK }, ms);
  return {
    timeOfDay: (ms, seconds = true) => write(seconds ? { ...CLOCK, second: '2-digit' } : CLOCK, ms),
    dayOf: (ms) => write(DAY, ms),
    dayAndTime: (ms) => write({ ...DAY, ...CLOCK, second: '2-digit' }, ms),
    recent,
    stretchEnds: (fromMs, toMs, nowMs) => [
      recent(fromMs, nowMs),
      sameDay(fromMs, toMs) ? write(CLOCK, toMs) : write({ ...DAY, ...CLOCK }, toMs),
    ],
  };
}
