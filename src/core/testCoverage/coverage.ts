import type { HistoryEntry } from '../history/entry';
import { FAULT_TYPES, type FaultType } from '../faults/catalogue';
import type { Verdict } from '../resilience/outcome';
import { startOf, type TestRun } from '../resilience/runs/testRun';
import { strengthOfExperiment, strengthOfParameters, type NamedStrength } from './strength';

/** `tried`: injected, but in no test that came to a verdict. */
export type CoverageState = 'never' | 'tried' | Verdict;

/** One strength of a fault on one target. */
interface CoveredStrength {
  strength: NamedStrength;
  state: Exclude<CoverageState, 'never'>;
  /** When it was injected, or the test's faults began; epoch milliseconds. */
  at: number;
  /** Whether it was on the database's leader; undefined where that is not known. */
  onLeader?: boolean;
  /** The file that the newest test came from, where it was run elsewhere. */
  importedFrom?: string;
}

/** One fault on one target; the newest strength first, none where it was never tried. */
export interface CoverageCell {
  state: CoverageState;
  strengths: readonly CoveredStrength[];
  /** The nodes of the target on which it was tried. */
  nodes: readonly string[];
}

/** A target: one node, or a zone of several. */
interface CoverageTarget {
  name: string;
  nodes: readonly string[];
}

/** What has been tried and what never. */
export interface Coverage {
  by: 'node' | 'zone';
  targets: readonly CoverageTarget[];
  /** `onLeader`: the same on whichever pod led the database then, where of any test it is known who did. */
  rows: readonly { fault: FaultType; cells: readonly CoverageCell[]; onLeader?: CoverageCell }[];
  /** Pairs of fault and target that were tried, of how many. */
  tried: number;
  all: number;
}

/** What coverage is worked out from: all of one cluster. */
export interface CoverageFacts {
  entries: readonly HistoryEntry[];
  runs: readonly TestRun[];
  /** The database's nodes now. */
  nodes: readonly { pod: string; zone: string | undefined }[];
}

/** More nodes than these are told by zone. */
const MOST_COLUMNS = 8;

/** A fault that acted on a node. */
interface Trial extends CoveredStrength {
  fault: FaultType;
  node: string;
}

/** What has been tried on each node, or in each zone, with the newest verdict. */
export function coverageOf({ entries, runs, nodes }: CoverageFacts): Coverage {
  const trials = [...entries.flatMap(injectedBy), ...runs.flatMap(testedBy)];
  const byPlace = new Map<string, Trial[]>();
  for (const trial of trials) {
    const place = `${trial.fault} ${trial.node}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), trial]);
  }
  const { by, targets } = targetsOf(nodes);
  const leaderKnown = trials.some(({ onLeader }) => onLeader !== undefined);
  const rows = FAULT_TYPES.map((fault) => ({
    fault,
    ...(leaderKnown ? { onLeader: cellOf(trials.filter((one) => one.fault === fault && one.onLeader)) } : {}),
    cells: targets.map((target) => cellOf(target.nodes.flatMap((node) => byPlace.get(`${fault} ${node}`) ?? []))),
  }));
  const cells = rows.flatMap((row) => row.cells);
  return {
    by,
    targets,
    rows,
    tried: cells.filter(({ state }) => state !== 'never').length,
    all: cells.length,
  };
}

function targetsOf(nodes: CoverageFacts['nodes']): Pick<Coverage, 'by' | 'targets'> {
  const sorted = [...nodes].sort((a, b) => (a.pod < b.pod ? -1 : 1));
  if (sorted.length <= MOST_COLUMNS || sorted.some(({ zone }) => zone === undefined))
    return { by: 'node', targets: sorted.map(({ pod }) => ({ name: pod, nodes: [pod] })) };
  const zones = [...new Set(sorted.map(({ zone = '' }) => zone))].sort();
  return {
    by: 'zone',
    targets: zones.map((name) => ({ name, nodes: sorted.filter(({ zone }) => zone === name).map(({ pod }) => pod) })),
  };
}

/** The newest verdict counts; without any, that it was tried. */
function cellOf(trials: readonly Trial[]): CoverageCell {
  const newest = (of: readonly Trial[]): Trial | undefined =>
    [...of].sort((a, b) => Number(b.state !== 'tried') - Number(a.state !== 'tried') || b.at - a.at)[0];
  const ids = [...new Set(trials.map(({ strength }) => strength.id))];
  const strengths = ids
    .flatMap((id) => newest(trials.filter(({ strength }) => strength.id === id)) ?? [])
    .map(({ fault: _, node: _node, ...rest }) => rest)
    .sort((a, b) => b.at - a.at);
  return {
    state: newest(trials)?.state ?? 'never',
    strengths,
    nodes: [...new Set(trials.map(({ node }) => node))].sort(),
  };
}

/** A fault that reached no target was not tried there. */
function injectedBy({ experiment }: HistoryEntry): Trial[] {
  const { fault, createdAt, injectedAt, targets } = experiment;
  if (fault === undefined) return [];
  const hit = targets.filter(({ injectedCount, phase }) => injectedCount > 0 || phase.startsWith('Injected'));
  if (hit.length === 0) return [];
  const strength = strengthOfExperiment(fault, experiment);
  return [...new Set(hit.map(({ pod }) => pod))].map((node) => ({
    fault,
    node,
    strength,
    state: 'tried',
    at: injectedAt ?? createdAt,
  }));
}

/** What was not injected is not tried. */
function testedBy(run: TestRun): Trial[] {
  if (run.phases.faultFromMs === undefined) return [];
  const at = startOf(run);
  const from = run.imported ? { importedFrom: run.imported.from } : {};
  return run.steps.flatMap(({ fault, pods, parameters, leader, injected }) => {
    if (injected === false) return [];
    const strength = strengthOfParameters(fault, parameters);
    return pods.map((node) => ({
      ...{ fault, node, strength, state: run.verdict, at },
      ...(leader === undefined ? {} : { onLeader: node === leader }),
      ...from,
    }));
  });
}
