const SUFFIX: Readonly<Record<string, number>> = {
  '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, m: 1e-3,
};

/** A Kubernetes quantity (`500m`, `10Gi`, `2`) as a number; undefined when it is none. */
export function parseQuantity(text: string): number | undefined {
  const match = /^([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)([A-Za-z]*)$/.exec(text.trim());
  const factor = match && SUFFIX[match[2] as string];
  return match && factor !== undefined && factor !== null ? Number(match[1]) * factor : undefined;
}

/** Bytes as Chaos Mesh reads them for memory stress (`256MB`, `1GiB`, `512M`, plain bytes); undefined when it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kKmMgGtT]?)(i?)[bB]?$/.exec(text.trim());
  if (!match) return undefined;
  const power = ['', 'k', 'm', 'g', 't'].indexOf((match[2] as string).toLowerCase());
  return Number(match[1]) * (match[3] ? 1024 : 1000) ** power;
}

/** Bytes for people, in powers of 1024: `9.5 GiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toPrecision(3))} ${units[unit]}`;
}
