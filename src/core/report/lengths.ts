/** A delay in words that need no translation: `22 s`, `3 min 5 s`. */
export function secondsText(ms: number): string {
  const all = Math.round(ms / 1000);
  return all < 120 ? `${all} s` : `${Math.floor(all / 60)} min ${all % 60} s`;
}

/** The length of a range as its ends say it, which are written without their parts of a second. */
export const lengthText = (fromMs: number, toMs: number): string =>
  secondsText((Math.floor(toMs / 1000) - Math.floor(fromMs / 1000)) * 1000);
