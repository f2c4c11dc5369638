import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { renderQuery, type MetricQuery } from '../../src/core/metrics/profiles';
import { queryRange } from '../../src/demo/prometheus/engine';
import { SeriesStore } from '../../src/demo/prometheus/store';
import { QUERIES, unitOf } from './queries';
import { SCRAPE_MS } from './recorder';
import { nameOf } from './run';
import { readSamples, type Recording, type Scrape } from './samples';
import { BED_TYPES, type Level, type Slot } from './schedule';

/** A slot that was recorded; times are epoch milliseconds. */
interface RecordedSlot extends Slot {
  number: number;
  level: Level;
  /** From when on nothing of before is seen, but for wide rates. */
  from: number;
  start: number;
  stop: number;
  /** Until when nothing of after is seen. */
  to: number;
}

interface Run {
  id: string;
  types: string[];
  rows: number;
  abnormal: [number, number];
  level: Level;
  effects: object[];
  scenario: string;
  noise: number;
  /** When the slot's anomalies began, epoch milliseconds. */
  startMs: number;
  /** Rows in which the slot's anomalies acted, on any node. */
  fault: [number, number];
  hostBusy: [number | null, number | null];
  metrics: Record<string, (number | null)[]>;
}

interface CaseNode {
  name: string;
  run: string;
  baseline: [number, number];
  window: [number, number];
}

interface Case {
  id: string;
  scenario: string;
  nodes: CaseNode[];
  truth: [string, string][];
}

/** After something ended or changed, before a rate may look back: what had waited is done by then. */
const SETTLE_MS = 5000;
/** Wider rates do see a little of what was before: else no stretch between two slots would be left for them. */
const MOST_LOOK_BACK_MS = 20_000;
const TAIL_MS = 40_000;
/** A scrape of a moment is in the answers for this much later. */
const LATE_MS = 1000;
const WINDOW_ROWS = 6;
const LEAST_GAP = 4;
const LEAST_BASELINE = 5;
/** Scrapes of one exporter that failed, as a share: with more, a server was down, which is none of the anomalies. */
const MOST_FAILURES = 0.25;

/** Runs and cases of a recording, in the formats of the data sets; `windowMs` = range of the rates. */
export function buildDataset(recording: Recording, windowMs: number): { runs: object; cases: Case[] } {
  const { engine, title, seed } = recording.header;
  const slots = slotsOf(recording, windowMs);
  const runs: Run[] = [];
  const cases: Case[] = [];
  for (const slot of slots) {
    const times = gridOf(slot);
    const fault = rowsWithin(times, slot.start, slot.stop);
    const baseline = times.filter((time) => time <= slot.start).length;
    if (baseline < LEAST_BASELINE || fault[1] - fault[0] < WINDOW_ROWS) continue;
    if (failures(recording, slot) > MOST_FAILURES * times.length) continue;
    const metrics = metricsOf(recording, slot, times, windowMs);
    const id = `${engine}-${seed}-${String(slot.number).padStart(3, '0')}/${nameOf(slot)}`;
    for (const [node, columns] of metrics.entries()) {
      const own = slot.anomalies.filter((anomaly) => anomaly.node === node);
      runs.push({
        id: `${id}/node${node + 1}`,
        types: own.map(({ type }) => type),
        rows: times.length,
        abnormal: own.length > 0 ? fault : [0, 0],
        level: slot.level,
        effects: own.map(({ effect }) => effect),
        ...{ scenario: slot.scenario, noise: slot.noise, startMs: slot.start, fault },
        hostBusy: [busy(recording, slot.from, slot.start), busy(recording, slot.start, slot.stop)],
        metrics: columns,
      });
    }
    cases.push(...casesOf(slot, id, fault, baseline));
  }
  const units = Object.fromEntries(QUERIES[engine].map((query) => [query.metric, unitOf(query)]));
  const source = `${title}; one row per ${SCRAPE_MS / 1000} seconds, rates over ${windowMs / 1000} s; TPC-C-like load; real faults`;
  return { runs: { source, units, types: BED_TYPES, runs }, cases };
}

/** Reads a folder's samples and writes its runs and cases beside them. */
export function writeDataset(folder: string, windowMs: number): string {
  const recording = readSamples(path.join(folder, 'samples.jsonl.gz'));
  const { engine } = recording.header;
  const { runs, cases } = buildDataset(recording, windowMs);
  writeFileSync(path.join(folder, `${engine}-runs.json.gz`), gzipSync(JSON.stringify(runs)));
  writeFileSync(path.join(folder, `${engine}-cases.json`), JSON.stringify(cases));
  const count = (scenario: string): number => cases.filter((one) => one.scenario === scenario).length;
  const kinds = ['A', 'B', 'C', 'W', 'H'].map((scenario) => `${scenario} ${count(scenario)}`);
  return `${engine}: ${cases.length} cases (${kinds.join(', ')})`;
}

/** The slots that are whole, with the stretches around them in which nothing else happened. */
function slotsOf({ happenings, scrapes }: Recording, windowMs: number): RecordedSlot[] {
  const found: RecordedSlot[] = [];
  const end = scrapes.at(-1)?.t ?? 0;
  let level: Level | undefined;
  let last = -Infinity; // when something ended or changed
  let open: Omit<RecordedSlot, 'stop' | 'to'> | undefined;
  for (const what of happenings) {
    if (what.event === 'host') continue;
    const previous = found.at(-1);
    if (previous && previous.to > what.t) previous.to = what.t;
    if (what.event === 'level') level = what.level;
    else if (what.event === 'start' && level)
      open = { ...what.slot, level, start: what.t, from: last + SETTLE_MS + Math.min(windowMs, MOST_LOOK_BACK_MS) };
    else if (what.event === 'stop' && open?.number === what.number)
      found.push({ ...open, stop: what.t, to: Math.min(what.t + TAIL_MS, end) });
    if (what.event !== 'start') last = what.t;
  }
  return found.filter(({ stop }) => stop <= end);
}

/** The times of a slot's rows: those of the scrapes. */
function gridOf({ from, to }: RecordedSlot): number[] {
  const first = Math.ceil(from / SCRAPE_MS) * SCRAPE_MS;
  const rows = Math.max(0, Math.floor((to - LATE_MS - first) / SCRAPE_MS) + 1);
  return Array.from({ length: rows }, (_, row) => first + row * SCRAPE_MS);
}

/** A row is of an anomaly when all of its step is. */
function rowsWithin(times: readonly number[], start: number, stop: number): [number, number] {
  const within = times.map((time) => time - SCRAPE_MS >= start - 500 && time <= stop + 500);
  const first = within.indexOf(true);
  return first < 0 ? [0, 0] : [first, within.lastIndexOf(true) + 1];
}

/** Scrapes of a slot that failed, of the exporter where most did. */
function failures({ scrapes }: Recording, { from, to }: RecordedSlot): number {
  const failed = scrapes.filter(({ t, samples }) => !samples && t >= from && t <= to);
  return Math.max(
    0,
    ...failed.map((one) => failed.filter(({ node, source }) => node === one.node && source === one.source).length),
  );
}

/** Every metric of every node, as the product's own queries have it. */
function metricsOf(
  { header, scrapes }: Recording,
  { from, to }: RecordedSlot,
  times: readonly number[],
  windowMs: number,
): Record<string, (number | null)[]>[] {
  const queries = QUERIES[header.engine];
  const store = storeOf(
    scrapes.filter(({ t }) => t >= from - windowMs - SCRAPE_MS && t <= to),
    (name) => queries.some(({ template }) => template.includes(`${name}{`)),
  );
  const columns = header.nodes.map((): Record<string, (number | null)[]> => ({}));
  for (const query of queries) {
    for (const [node, column] of ask(store, query, header, times, windowMs).entries())
      if (column.some((value) => value !== null)) (columns[node] as Record<string, unknown>)[query.metric] = column;
  }
  return columns;
}

function storeOf(scrapes: readonly Scrape[], wanted: (name: string) => boolean): SeriesStore {
  const store = new SeriesStore();
  const known = new Map<string, boolean>();
  const isWanted = (name: string): boolean => {
    if (!known.has(name)) known.set(name, wanted(name));
    return known.get(name) as boolean;
  };
  const before = new Map<string, NonNullable<Scrape['samples']>>();
  for (const { t, node, source, samples } of scrapes) {
    const key = `${source}${node}`;
    // As a Prometheus does, after a scrape that failed: the exporter's series are stale.
    const stale = (before.get(key) ?? []).map((sample) => ({ ...sample, value: NaN }));
    for (const { name, labels, value } of samples ?? stale) if (isWanted(name)) store.append(name, labels, t, value);
    if (samples) before.set(key, samples);
  }
  return store;
}

function ask(
  store: SeriesStore,
  { template, node: label }: MetricQuery,
  { nodes }: Recording['header'],
  times: readonly number[],
  windowMs: number,
): (number | null)[][] {
  const named = nodes.map(({ name, ip }) => (label === 'pod' ? name : ip));
  const [first] = nodes;
  const expression = renderQuery(template, {
    namespace: first?.namespace ?? '',
    container: first?.container ?? '',
    nodes: named,
    rateWindowMs: windowMs,
  });
  const range = {
    startMs: (times[0] as number) + LATE_MS,
    endMs: (times.at(-1) as number) + LATE_MS,
    stepMs: SCRAPE_MS,
  };
  const answer = queryRange(store, expression, range);
  return named.map((name) => {
    const points = new Map(answer.find(({ labels }) => labels[label] === name)?.points);
    return times.map((time) => digits(points.get((time + LATE_MS) / 1000)));
  });
}

function digits(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(5));
}

function busy({ happenings }: Recording, from: number, to: number): number | null {
  const shares = happenings.flatMap((what) =>
    what.event === 'host' && what.t > from && what.t <= to ? [what.busy] : [],
  );
  return shares.length > 0 ? Math.round((1000 * shares.reduce((a, b) => a + b, 0)) / shares.length) / 1000 : null;
}

function casesOf(slot: RecordedSlot, id: string, [from, to]: [number, number], baseline: number): Case[] {
  const truth = slot.anomalies.map(({ node, type }): [string, string] => [`node${node + 1}`, type]);
  const make = (tag: string, scenario: string, before: [number, number], window: [number, number]): Case => ({
    id: `${id.replace('/', '-')}-${tag}`,
    scenario,
    nodes: [1, 2, 3].map((node) => ({
      name: `node${node}`,
      run: `${id}/node${node}`,
      ...{ baseline: before, window },
    })),
    truth: scenario === 'H' ? [] : truth,
  });
  const cases = [
    make('first', slot.scenario, [0, baseline], [from, from + WINDOW_ROWS]),
    make('last', slot.scenario, [0, baseline], [to - WINDOW_ROWS, to]),
  ];
  const gap = Math.min(WINDOW_ROWS - 1, baseline - LEAST_BASELINE);
  if (gap >= LEAST_GAP) cases.push(make('gap', 'H', [0, baseline - gap], [baseline - gap, baseline]));
  return cases;
}
