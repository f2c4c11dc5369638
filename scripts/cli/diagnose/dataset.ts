import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { canonicalType } from '../../../src/core/diagnosis/diagnosedTypes';
import type { DiagnosisRequest } from '../../../src/core/diagnosis/types';
import type { RecordedRun } from '../../../src/core/learning/recording';
import { metricsOf } from '../../../src/core/learning/runStretches';

export interface RunSet {
  source: string;
  /** The types' own names in the file. */
  names: readonly string[];
  /** Runs with the catalogue's types and metrics. */
  runs: readonly RecordedRun[];
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

/** Reads a file of runs; only the metrics that `keep` names, where it is given. */
export function readRuns(file: string, keep?: RegExp): RunSet {
  const { source, types, runs } = read(file) as { source: string; types: string[]; runs: RecordedRun[] };
  return {
    source,
    names: types,
    runs: runs.map((run) => ({
      ...run,
      types: run.types.map(canonicalType),
      metrics: canonicalMetrics(run.metrics, keep),
    })),
  };
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

type Columns = RecordedRun['metrics'];

/** The columns under the live metrics' names where they mean the same, and the CPU in use as one figure. */
function canonicalMetrics(given: Columns, keep: RegExp | undefined): Columns {
  const kept = Object.entries(given).filter(([metric]) => !keep || keep.test(metric));
  const result: Record<string, readonly (number | null)[]> = Object.fromEntries(kept);
  for (const [metric, values] of kept) {
    const alias = ALIASES[metric];
    if (alias && !(alias in result)) result[alias] = values;
  }
  const { 'cpu.user': user, 'cpu.system': system } = result;
  if (user && system)
    result['cpu.used'] = user.map((value, i) =>
      value === null || typeof system[i] !== 'number' ? null : value + (system[i] as number),
    );
  return result;
}

/** A case as a question: baseline and window of each node, and nothing else. */
export function toRequest(one: Case, runs: ReadonlyMap<string, RecordedRun>): DiagnosisRequest {
  const nodes = one.nodes.map(({ name, run: id, baseline, window }) => {
    const run = runs.get(id);
    if (!run) throw new Error(`case ${one.id} names the run ${id}, which is not in the file of runs`);
    return { name, metrics: metricsOf({ run, baseline, window }) };
  });
  return { from: 0, at: 0, nodes };
}
