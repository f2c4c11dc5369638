import { dayOf, timeOfDay } from '../format';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 20_160].map((n) => n * MINUTE);
/** Room of a label, CSS pixels. */
const LABEL_PIXELS = 60;
const MOST = 12;

/** Round times of the local day that fit into so many pixels. */
export function timeTicks(from: number, to: number, pixels = 300): number[] {
  const most = Math.max(2, Math.min(MOST, Math.floor(pixels / LABEL_PIXELS)));
  const step = STEPS.find((ms) => (to - from) / ms <= most) ?? Math.ceil((to - from) / most / DAY) * DAY;
  const zone = step >= 60 * MINUTE ? -new Date(to).getTimezoneOffset() * MINUTE : 0;
  const ticks: number[] = [];
  for (let at = Math.ceil((from + zone) / step) * step - zone; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** A tick of the time axis: the time of day, at midnight the day. */
export function writeTime(at: number): string {
  const date = new Date(at);
  return date.getHours() === 0 && date.getMinutes() === 0 ? dayOf(at) : timeOfDay(at, false);
}

/** Labels that were written last: a dozen charts have the same times. */
const labels = new Map<number, string>();
const MOST_LABELS = 200;

/** The label of a tick, written once. */
export function timeLabel(at: number): string {
  let label = labels.get(at);
  if (label === undefined) {
    if (labels.size >= MOST_LABELS) labels.clear();
    labels.set(at, (label = writeTime(at)));
  }
  return label;
}
