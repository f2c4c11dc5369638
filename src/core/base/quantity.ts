const SUFFIX = new Map<string, number>([
  ...['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'].map((unit, i): [string, number] => [unit, 1000 ** (i - 3)]),
  ...['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((unit, i): [string, number] => [unit, 1024 ** (i + 1)]),
]);

/** A Kubernetes quantity (`500m`, `10Gi`, `2`, `1e3`) as a number; undefined when it is none. */
export function parseQuantity(text: string): number | undefined {
  const match = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(text.trim());
  const factor = match ? SUFFIX.get(match[2] as string) : undefined;
  return match && factor !== undefined ? Number(match[1]) * factor : undefined;
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
