const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The bytes of a PNG of a bearable size; undefined for anything else. */
export function pngOf(value: unknown, maxBytes: number): Uint8Array | undefined {
  const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
  if (!(bytes instanceof Uint8Array) || bytes.length > maxBytes) return undefined;
  return SIGNATURE.every((byte, i) => bytes[i] === byte) ? bytes : undefined;
}
