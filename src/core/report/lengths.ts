import { formatDuration } from '../time/duration';

/** A delay to the second, written as files and results of tests have it: `22s`, `3m5s`. */
export const secondsText = (ms: number): string => formatDuration(Math.round(ms / 1000) * 1000);

/** The length of a range as its ends say it, which are written without their parts of a second. */
export const lengthText = (fromMs: number, toMs: number): string =>
  secondsText((Math.floor(toMs / 1000) - Math.floor(fromMs / 1000)) * 1000);
