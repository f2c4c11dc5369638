import { parseDuration } from './duration';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
/** February 29 may be eight years away. */
const FARTHEST = 8 * 366 * DAY;

/** When something runs. */
export interface CronSchedule {
  /** The first time after `ms` (epoch milliseconds); undefined where there is none. */
  next(ms: number): number | undefined;
}

/**
 * A schedule as Chaos Mesh reads it (robfig/cron): five fields, a descriptor such as `@hourly`, or `@every 90s`. Times are
 * UTC, as in Chaos Mesh's own image. Undefined where the text is none.
 */
export function parseCron(text: string): CronSchedule | undefined {
  const trimmed = text.trim();
  const every = /^@every\s+(\S+)$/.exec(trimmed)?.[1];
  if (every !== undefined) {
    // Below a second is rounded to one, and counted in whole seconds.
    const ms = Math.max(1000, Math.floor((parseDuration(every) ?? NaN) / 1000) * 1000);
    return Number.isNaN(ms) ? undefined : { next: (from) => Math.floor(from / 1000) * 1000 + ms };
  }
  const known = Object.hasOwn(DESCRIPTORS, trimmed) ? DESCRIPTORS[trimmed] : undefined;
  const fields = (known ?? trimmed).split(/\s+/);
  if (fields.length !== 5) return undefined;
  const [minute, hour, day, month, weekday] = [
    parseField(fields[0], 0, 59),
    parseField(fields[1], 0, 23),
    parseField(fields[2], 1, 31),
    parseField(fields[3], 1, 12, MONTHS),
    parseField(fields[4], 0, 6, WEEKDAYS),
  ];
  if (!minute || !hour || !day || !month || !weekday) return undefined;
  const free = (field: string | undefined): boolean => /^[*?]/.test(field ?? '');
  const both = free(fields[2]) || free(fields[4]);
  const onDay = (date: Date): boolean => {
    const [byDay, byWeekday] = [day.has(date.getUTCDate()), weekday.has(date.getUTCDay())];
    return month.has(date.getUTCMonth() + 1) && (both ? byDay && byWeekday : byDay || byWeekday);
  };
  return {
    next: (from) => {
      let at = Math.floor(from / MINUTE) * MINUTE + MINUTE;
      for (const end = at + FARTHEST; at < end;) {
        const date = new Date(at);
        if (!onDay(date)) at = Math.floor(at / DAY) * DAY + DAY;
        else if (!hour.has(date.getUTCHours())) at = Math.floor(at / HOUR) * HOUR + HOUR;
        else if (!minute.has(date.getUTCMinutes())) at += MINUTE;
        else return at;
      }
      return undefined;
    },
  };
}

function parseField(
  text: string | undefined,
  low: number,
  high: number,
  words: readonly string[] = [],
): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of (text ?? '').split(',')) {
    const match = /^(?:([*?])|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) return undefined;
    const [, star, first, last, step] = match;
    const number = (word: string): number => numberOf(word, words);
    const start = star ? low : number(first ?? '');
    const end = star || (step !== undefined && last === undefined) ? high : number(last ?? first ?? '');
    const by = Number(step ?? 1);
    if (!(start >= low && end <= high && start <= end && by > 0)) return undefined;
    for (let value = start; value <= end; value += by) values.add(value);
  }
  return values;
}

function numberOf(word: string, words: readonly string[]): number {
  if (/^\d+$/.test(word)) return Number(word);
  const index = words.indexOf(word.toLowerCase());
  return index < 0 ? NaN : index + (words === MONTHS ? 1 : 0);
}
