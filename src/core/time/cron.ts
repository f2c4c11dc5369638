import { msg, type Text } from '../base/text';
import { HOUR, MINUTE, parseDuration, SECOND } from './duration';

/** When something runs. */
export interface CronSchedule {
  /** The first time after `ms` (epoch milliseconds); undefined where there is none within five years. */
  next(ms: number): number | undefined;
}

interface Field {
  name: Text;
  low: number;
  high: number;
  /** Names of the values, from the lowest on. */
  words: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'second', low: 0, high: 59, words: [] },
  { name: 'minute', low: 0, high: 59, words: [] },
  { name: 'hour', low: 0, high: 23, words: [] },
  { name: 'day of the month', low: 1, high: 31, words: [] },
  {
    name: 'month',
    low: 1,
    high: 12,
    words: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { name: 'day of the week', low: 0, high: 6, words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MOST_YEARS = 5;

/** Values of a field; `free` as robfig/cron has it: with a star that leaves nothing out. */
interface Values {
  values: ReadonlySet<number>;
  free: boolean;
}

/** A schedule as Chaos Mesh reads it, UTC where it names no time zone, as in Chaos Mesh's own image. Undefined where the text is none. */
export function parseCron(text: string): CronSchedule | undefined {
  const read = readCron(text);
  return 'next' in read ? read : undefined;
}

/** What is wrong of a schedule; undefined where nothing is. */
export function cronError(text: string): Text | undefined {
  const read = readCron(text);
  return 'next' in read ? undefined : read.wrong;
}

/**
 * As robfig/cron v3 with Chaos Mesh's options (StandardCronParser in api/v1alpha1/schedule_types.go): five fields, or six
 * with seconds first, a descriptor such as `@hourly`, or `@every 90s`; before it perhaps `TZ=Europe/Berlin`.
 */
function readCron(text: string): CronSchedule | { wrong: Text } {
  const [, zone, rest] = /^(?:CRON_)?TZ=([^ ]*) (.*)$/s.exec(text) ?? [];
  const offset = zone === undefined ? (): number => 0 : offsetIn(zone);
  if (!offset) return { wrong: msg`"${zone ?? ''}" is not a valid time zone.` };
  const spec = rest?.trim() ?? text;
  if (spec.startsWith('@every ')) {
    const every = spec.slice('@every '.length);
    const ms = every.trim() === every ? parseDuration(every) : undefined;
    if (ms !== undefined) {
      // Below a second is rounded to one, and counted in whole seconds.
      const whole = Math.max(SECOND, Math.floor(ms / SECOND) * SECOND);
      return { next: (from) => Math.floor(from / SECOND) * SECOND + whole };
    }
  }
  const known = Object.hasOwn(DESCRIPTORS, spec) ? DESCRIPTORS[spec] : undefined;
  if (spec.startsWith('@') && known === undefined)
    return { wrong: msg`"${text}" is not a valid schedule: use "@every 5m", "@hourly" or five fields.` };
  const words = (known ?? spec).split(/\s+/).filter((word) => word !== '');
  if (words.length !== FIELDS.length && words.length !== FIELDS.length - 1)
    return {
      wrong: msg`A schedule has five fields (minute, hour, day, month, weekday), or six with seconds first; this one has ${words.length}.`,
    };
  if (words.length < FIELDS.length) words.unshift('0');
  const fields: Values[] = [];
  for (const [i, field] of FIELDS.entries()) {
    const word = words[i] as string;
    const values = valuesOf(word, field);
    if (!values)
      return { wrong: msg`"${word}" is not valid for the ${field.name}: use ${field.low} to ${field.high}.` };
    fields.push(values);
  }
  const [seconds, minutes, hours, days, months, weekdays] = fields as [Values, Values, Values, Values, Values, Values];
  // A field of commas only is taken, and never comes.
  if (fields.some(({ values }) => values.size === 0)) return { next: () => undefined };
  const either = !days.free && !weekdays.free;
  const onDay = (date: Date): boolean => {
    const [byDay, byWeekday] = [days.values.has(date.getUTCDate()), weekdays.values.has(date.getUTCDay())];
    return either ? byDay || byWeekday : byDay && byWeekday;
  };
  // Where the clock may be put on or back meanwhile, the last hours before are gone through one by one.
  const ahead = (local: number, until: number): number =>
    zone === undefined ? until - local : Math.max(HOUR - (local % HOUR), until - 3 * HOUR - local);
  return {
    next: (from) => {
      let at = Math.floor(from / SECOND) * SECOND + SECOND;
      const lastYear = new Date(at + offset(at)).getUTCFullYear() + MOST_YEARS;
      for (;;) {
        const local = at + offset(at);
        const date = new Date(local);
        const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
        if (year > lastYear) return undefined;
        if (!months.values.has(month + 1)) at += ahead(local, Date.UTC(year, month + 1));
        else if (!onDay(date)) at += ahead(local, Date.UTC(year, month, day + 1));
        else if (!hours.values.has(date.getUTCHours())) at += HOUR - (local % HOUR);
        else if (!minutes.values.has(date.getUTCMinutes())) at += MINUTE - (local % MINUTE);
        else if (!seconds.values.has(date.getUTCSeconds())) at += SECOND;
        else return at;
      }
    },
  };
}

function valuesOf(text: string, field: Field): Values | undefined {
  const values = new Set<number>();
  let free = false;
  for (const part of text.split(',').filter((one) => one !== '')) {
    const [range = '', by, ...more] = part.split('/');
    const [first = '', last, ...others] = range.split('-');
    const star = first === '*' || first === '?';
    const step = by === undefined ? 1 : numberOf(by);
    const start = star ? field.low : valueOf(first, field);
    const toEnd = star || (last === undefined && by !== undefined);
    const end = toEnd ? field.high : valueOf(last ?? first, field);
    if (more.length > 0 || (!star && others.length > 0)) return undefined;
    if (!(start >= field.low && end <= field.high && start <= end && step > 0)) return undefined;
    for (let value = start; value <= end; value += step) values.add(value);
    free ||= star && step === 1;
  }
  return { values, free };
}

const numberOf = (text: string): number => (/^\+?\d+$/.test(text) ? Number(text) : NaN);

function valueOf(text: string, { low, words }: Field): number {
  const index = words.indexOf(text.toLowerCase());
  return index < 0 ? numberOf(text) : low + index;
}

/** Milliseconds that a zone's clock is ahead of UTC at a time; undefined where there is no such zone. */
function offsetIn(zone: string): ((ms: number) => number) | undefined {
  if (zone === '' || zone === 'UTC') return () => 0;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  } catch {
    return undefined;
  }
  return (ms) => {
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / SECOND) * SECOND;
  };
}
