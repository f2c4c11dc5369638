import { minuteTicks } from './charts/ticks';

/** How a report writes times: all of one zone, which it names. */
export interface ReportClock {
  /** `UTC+02:00`, or `UTC`. */
  zone: string;
  /** `2026-05-03 14:07:00`. */
  dateTime: (ms: number) => string;
  /** The same without the day where that is the day of another moment. */
  timeOn(ms: number, otherMs: number): string;
  /** `14:07`. */
  minute(ms: number): string;
  /** Round times of this zone's day within both ends, for an axis. */
  ticks(fromMs: number, toMs: number): number[];
}

/** A clock at a fixed offset from UTC for a whole report, even if summer time ends within it. */
export function reportClock(aheadMinutes: number): ReportClock {
  const ahead = aheadMinutes * 60_000;
  const iso = (ms: number): string => new Date(ms + ahead).toISOString();
  const two = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(aheadMinutes);
  const dateTime = (ms: number): string => iso(ms).slice(0, 19).replace('T', ' ');
  return {
    zone: size === 0 ? 'UTC' : `UTC${aheadMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`,
    dateTime,
    timeOn: (ms, otherMs) =>
      iso(ms).slice(0, 10) === iso(otherMs).slice(0, 10) ? iso(ms).slice(11, 19) : dateTime(ms),
    minute: (ms) => iso(ms).slice(11, 16),
    ticks: (fromMs, toMs) => minuteTicks(fromMs + ahead, toMs + ahead).map((at) => at - ahead),
  };
}
