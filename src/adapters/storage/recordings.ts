import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { AppError } from '../../core/base/errors';
import type { Recording } from '../../core/learning/recording';
import { parseRecording } from '../../core/learning/recordingParse';
import type { RecordingStore } from '../../core/learning/recording';

/** How much is kept. */
export interface RecordingBounds {
  files: number;
  bytes: number;
}

const DEFAULT_BOUNDS: RecordingBounds = { files: 300, bytes: 32_000_000 };
const ENDING = '.json.gz';
const MAX_UNPACKED = 64_000_000;

/** Recordings as one packed JSON file each in a folder, which is made when needed. */
export function recordingFolder(directory: string, bounds: RecordingBounds = DEFAULT_BOUNDS): RecordingStore {
  const fileOf = (id: string): string => {
    if (!/^[a-z0-9-]{1,120}$/.test(id)) throw new AppError('invalid', 'A recording has no valid name.');
    return path.join(directory, `${id}${ENDING}`);
  };
  const list = async (): Promise<{ file: string; bytes: number; at: number }[]> => {
    const names = await readdir(directory).catch(() => []);
    const found = await Promise.all(
      names
        .filter((name) => name.endsWith(ENDING))
        .map(async (name) => {
          const file = path.join(directory, name);
          const info = await stat(file).catch(() => undefined);
          return info ? [{ file, bytes: info.size, at: info.mtimeMs }] : [];
        }),
    );
    return found.flat().sort((a, b) => a.at - b.at);
  };
  const trim = async (): Promise<void> => {
    const files = await list();
    let bytes = files.reduce((sum, one) => sum + one.bytes, 0);
    for (let i = 0; i < files.length - 1; i++) {
      const oldest = files[i] as (typeof files)[number];
      if (files.length - i <= bounds.files && bytes <= bounds.bytes) return;
      await rm(oldest.file, { force: true });
      bytes -= oldest.bytes;
    }
  };
  return {
    has: async (id) =>
      stat(fileOf(id)).then(
        () => true,
        () => false,
      ),
    save: async (recording) => {
      const file = fileOf(recording.id);
      const partial = `${file}.${process.pid}.partial`;
      try {
        await mkdir(directory, { recursive: true });
        await writeFile(partial, await promisify(gzip)(JSON.stringify(recording)));
        await rename(partial, file); // whole or not at all
        await trim();
      } catch (error) {
        await rm(partial, { force: true });
        throw new AppError('internal', 'The recording of an experiment could not be written.', { cause: error });
      }
    },
    all: async () => {
      const found = await Promise.all((await list()).map(({ file }) => read(file)));
      return found.filter((one) => one !== undefined);
    },
  };
}

async function read(file: string): Promise<Recording | undefined> {
  try {
    const text = await promisify(gunzip)(await readFile(file), { maxOutputLength: MAX_UNPACKED });
    return parseRecording(JSON.parse(text.toString('utf8')));
  } catch {
    return undefined; // damaged or too large: the others still count
  }
}
