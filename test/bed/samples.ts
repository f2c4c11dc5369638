import { createWriteStream, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { constants, createGzip, gunzipSync } from 'node:zlib';
import type { ExposedSample } from './exposition';
import type { Level, Slot } from './schedule';
import type { BedNode, EngineName } from './types';

/** What a file of samples begins with. */
export interface Header {
  format: 'distdiag-bed-samples/1';
  engine: EngineName;
  title: string;
  seed: number;
  nodes: readonly Pick<BedNode, 'name' | 'namespace' | 'container' | 'ip' | 'memoryLimit'>[];
}

/** What happened, and when; times are epoch milliseconds. */
export type Happening =
  | { event: 'level'; t: number; level: Level }
  | { event: 'start'; t: number; slot: Slot & { number: number } }
  | { event: 'stop'; t: number; number: number }
  /** Shares of the host's processors that were busy, since the last time. */
  | { event: 'host'; t: number; busy: number };

/** The exporters of a node. */
export type Source = 'container' | 'engine';

/** One scrape of one exporter of one node, counted from 0; `samples` is undefined when it failed. */
export interface Scrape {
  t: number;
  node: number;
  source: Source;
  samples: ExposedSample[] | undefined;
}

/** A line of the file, as it is written: a value that stays as it was is left out, for most series stand still. */
type Line =
  | Header
  | Happening
  | { series: { id: number; name: string; labels: Record<string, string> }[] }
  | { t: number; n: number; s: Source; failed: true }
  /** Ids and values by turns; `gone` = series that this scrape has no more. */
  | { t: number; n: number; s: Source; v: number[]; gone?: number[] };

const SYNC_EVERY = 60;

/** Appends lines of JSON to a compressed file, which can be read up to what was written last when the writer crashes. */
export class SamplesWriter {
  readonly #gzip = createGzip();
  readonly #ended: Promise<unknown>;
  readonly #ids = new Map<string, number>();
  /** The last values by source and node. */
  readonly #last = new Map<string, Map<number, number>>();
  #lines = 0;

  constructor(file: string, header: Header) {
    const out = createWriteStream(file);
    this.#ended = once(out, 'close');
    this.#gzip.pipe(out);
    this.#write(header);
  }

  happening(what: Happening): void {
    this.#write(what);
  }

  scrape({ t, node: n, source: s, samples }: Scrape): void {
    const key = `${s}${n}`;
    const last = this.#last.get(key) ?? new Map<number, number>();
    if (!samples) {
      this.#last.delete(key);
      this.#write({ t, n, s, failed: true });
      return;
    }
    const series: { id: number; name: string; labels: Record<string, string> }[] = [];
    const now = new Map<number, number>();
    for (const { name, labels, value } of samples) {
      const text = `${key}${name}${JSON.stringify(labels)}`;
      let id = this.#ids.get(text);
      if (id === undefined) {
        this.#ids.set(text, (id = this.#ids.size));
        series.push({ id, name, labels });
      }
      if (Number.isFinite(value)) now.set(id, value);
    }
    if (series.length > 0) this.#write({ series });
    const v = [...now].filter(([id, value]) => last.get(id) !== value).flat();
    const gone = [...last.keys()].filter((id) => !now.has(id));
    this.#last.set(key, now);
    this.#write({ t, n, s, v, ...(gone.length > 0 && { gone }) });
  }

  async close(): Promise<void> {
    this.#gzip.end();
    await this.#ended;
  }

  #write(line: Line): void {
    this.#gzip.write(`${JSON.stringify(line)}\n`);
    if (++this.#lines % SYNC_EVERY === 0) this.#gzip.flush(constants.Z_SYNC_FLUSH);
  }
}

/** A file of samples, in the order of its lines. */
export interface Recording {
  header: Header;
  happenings: readonly Happening[];
  scrapes: readonly Scrape[];
}

/** Reads a file of samples, also one whose writer crashed. `keep` says which series are wanted, by their names. */
export function readSamples(file: string, keep: (name: string) => boolean = () => true): Recording {
  const text = gunzipSync(readFileSync(file), { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');
  const lines = text.slice(0, text.lastIndexOf('\n')).split('\n');
  const [header, ...rest] = lines.map((line) => JSON.parse(line) as Line);
  if (!header || !('format' in header)) throw new Error(`${file} is no file of samples`);
  const series = new Map<number, { name: string; labels: Record<string, string> }>();
  const last = new Map<string, Map<number, number>>();
  const happenings: Happening[] = [];
  const scrapes: Scrape[] = [];
  for (const line of rest) {
    if ('series' in line) for (const { id, name, labels } of line.series) series.set(id, { name, labels });
    else if ('event' in line) happenings.push(line);
    else if ('s' in line) {
      const { t, n: node, s: source } = line;
      const key = `${source}${node}`;
      if ('failed' in line) {
        last.delete(key);
        scrapes.push({ t, node, source, samples: undefined });
        continue;
      }
      const values = last.get(key) ?? new Map<number, number>();
      last.set(key, values);
      for (const id of line.gone ?? []) values.delete(id);
      for (let i = 0; i < line.v.length; i += 2) values.set(line.v[i] as number, line.v[i + 1] as number);
      const samples = [...values].flatMap(([id, value]) => {
        const known = series.get(id);
        return known && keep(known.name) ? [{ ...known, value }] : [];
      });
      scrapes.push({ t, node, source, samples });
    }
  }
  return { header, happenings, scrapes };
}
