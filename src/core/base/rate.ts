const UNITS = ['', 'k', 'm', 'g', 't'];

/**
 * Bytes a second of a rate as Chaos Mesh takes it: a whole number with `bit` (bits a second) or `bps` (bytes a second),
 * with k, m, g or t before it for powers of 1024; undefined when it is none.
 */
export function parseRate(text: string): number | undefined {
  const match = /^(\d+)\s*([kmgt]?)(bit|bps)$/.exec(text.trim().toLowerCase());
  if (!match) return undefined;
  const value = Number(match[1]) * 1024 ** UNITS.indexOf(match[2] as string);
  return match[3] === 'bit' ? value / 8 : value;
}

/** Bytes a second in the largest unit in which it is one or more: `128kbps`. */
export function formatRate(bytesPerSecond: number): string {
  let value = bytesPerSecond;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toPrecision(3))}${UNITS[unit]}bps`;
}
