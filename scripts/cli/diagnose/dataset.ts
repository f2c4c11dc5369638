import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { DiagnosisRequest, MetricStretch } from '../../../src/core/diagnosis/types';

/** One recorded run: columns of values, null where a sample is missing. */
export interface Run {
  id: string;
  types: readonly string[];
  rows: number;
  abnormal: [number, number];
  metrics: Readonly<Record<string, readonly (number | null)[]>>;
}

export interface RunSet {
  source: string;
  types: readonly string[];
  runs: readonly Run[];
}

export interface Case {
  id: string;
  scenario: string;
  nodes: readonly { name: string; run: string; baseline: [number, number]; window: [number, number] }[];
}

const read = (file: string): unknown => {
  const bytes = readFileSync(file);
  return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
};

/** Reads a file of runs. */
export function readRuns(file: string): RunSet {
  return read(file) as RunSet;
}

/** Reads a file of cases; their truth is not looked at. */
export function readCases(file: string): Case[] {
  return (read(file) as (Case & { truth: unknown })[]).map(({ truth: _truth, ...rest }) => rest);
}

/** Some of the cases as they are, for a scorer. */
export function readRawCases(file: string, ids: ReadonlySet<string>): unknown[] {
  return (read(file) as Case[]).filter(({ id }) => ids.has(id));
}

/** Names that mean the same as one of the live metrics. */
const ALIASES: Readonly<Record<string, string>> = {
  'db.threadsRunning': 'db.activeSessions',
  'db.lockWaits': 'db.lockWaitTime',
  'db.latency': 'db.queryLatency',
};

/** A stretch of a run, every metric under its own and its canonical name. */
export function stretches(
  run: Run,
  baseline: [number, number],
  window: [number, number],
  keep?: RegExp,
): Record<string, MetricStretch> {
  const result: Record<string, MetricStretch> = {};
  const column = (values: readonly (number | null)[], [from, to]: [number, number]): Float64Array =>
    Float64Array.from(values.slice(from, to), (value) => value ?? NaN);
  for (const [metric, values] of Object.entries(run.metrics)) {
    if (keep && !keep.test(metric)) continue;
    const stretch = { baseline: column(values, baseline), window: column(values, window) };
    result[metric] = stretch;
    const alias = ALIASES[metric];
    if (alias && !(alias in run.metrics)) result[alias] = stretch;
  }
  const { 'cpu.user': user, 'cpu.system': system } = run.metrics;
  if (user && system && (!keep || keep.test('cpu.user'))) {
    const busy = user.map((value, i) => (value === null || system[i] === null ? null : value + (system[i] as number)));
    result['cpu.used'] = { baseline: column(busy, baseline), window: column(busy, window) };
  }
  return result;
}

/** A case as a question: baseline and window of each node, and nothing else. */
export function toRequest(one: Case, runs: ReadonlyMap<string, Run>, keep?: RegExp): DiagnosisRequest {
  const nodes = one.nodes.map(({ name, run, baseline, window }) => {
    const found = runs.get(run);
    if (!found) throw new Error(`case ${one.id} names the run ${run}, which is not in the file of runs`);
    return { name, metrics: stretches(found, baseline, window, keep) };
  });
  return { at: 0, nodes };
}
