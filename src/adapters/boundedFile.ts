import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * A regular file's bytes, at most `mostBytes` of them. Rejects with `EFBIG` for a larger one, `EINVAL` for a device or a
 * pipe, which would be read without an end, and otherwise as `open` does.
 */
export async function readBounded(file: string, mostBytes: number): Promise<Buffer> {
  // Opening a pipe without a writer would block. Windows has no such flag.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const refusal = (code: string): Error => Object.assign(new Error(code), { code });
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw refusal('EINVAL');
    if (info.size > mostBytes) throw refusal('EFBIG');
    // One more than it says: some files say nothing of their size, and some grow.
    const bytes = Buffer.alloc(info.size + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, null);
      if (bytesRead === 0) return bytes.subarray(0, length);
      length += bytesRead;
      if (length === bytes.length) throw refusal('EFBIG');
    }
  } finally {
    await handle.close();
  }
}
