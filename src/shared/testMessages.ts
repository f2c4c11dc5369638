import type { MetricSeries } from '../core/metrics/series';
import type { Outcome, Verdict } from '../core/resilience/outcome';
import type { CoverageState } from '../core/testCoverage/coverage';

/** The state of a fault on a target. */
export type PanelCoverageState = CoverageState;

/** One strength of a fault on a target; see the core's `CoveredStrength`. */
export interface PanelCoveredStrength {
  title: string;
  state: PanelCoverageState;
  at: number;
  onLeader: boolean | undefined;
  importedFrom: string | undefined;
}

/** One fault on one target; the newest strength first. */
export interface PanelCoverageCell {
  state: PanelCoverageState;
  /** In the editor's language. */
  strengths: readonly PanelCoveredStrength[];
  /** How many nodes of the target it was tried on. */
  nodes: number;
}

/** What has been tried and what never: faults by targets. */
export interface PanelCoverage {
  by: 'node' | 'zone';
  targets: readonly { name: string; nodes: number }[];
  rows: readonly {
    fault: string;
    title: string;
    cells: readonly PanelCoverageCell[];
    /** On whichever node led the database; undefined where that is not known of any test. */
    onLeader: PanelCoverageCell | undefined;
  }[];
  tried: number;
  all: number;
}

/** What an expectation came to in one run. */
export interface PanelOutcome {
  state: Outcome['state'];
  expected: string;
  seen: string;
  worst: number | undefined;
  recoveryMs: number | undefined;
}

/** One of two runs that are compared. */
export interface PanelRun {
  at: number;
  verdict: Verdict;
}

/** Two runs of resilience tests side by side. */
export interface PanelComparison {
  /** By chance: another comparison, or the same asked for again, has another. */
  id: number;
  title: string;
  before: PanelRun;
  now: PanelRun;
  /** What to show, by the later run's time. */
  fromMs: number;
  toMs: number;
  rows: readonly {
    name: string;
    change: 'better' | 'worse' | 'same' | undefined;
    before: PanelOutcome | undefined;
    now: PanelOutcome | undefined;
  }[];
  /** The earlier run's series, shifted to the start of the later one; undefined while they are loaded. */
  ghosts: PanelGhosts | undefined;
  /** Why there are no series. */
  problem: string | undefined;
}

/** Series of an earlier run on the time of a later one; NaN = no sample there. */
export interface PanelGhosts {
  timestamps: Float64Array;
  series: readonly MetricSeries[];
}

/** Host → view, about resilience tests. */
export type TestHostMessage =
  | { type: 'coverage'; coverage: PanelCoverage | undefined }
  | { type: 'comparison'; comparison: PanelComparison | undefined };

/** View → host, about resilience tests. */
export type TestViewMessage =
  /** A test of everything that was never tried, or of one fault on one target. */
  | { type: 'testUntried'; cell: { fault: string; target: string } | undefined }
  | { type: 'compareRuns' }
  | { type: 'importResults' }
  | { type: 'endComparison' };

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 253;

/** A message about resilience tests, parsed as unknown input; undefined when it is none. */
export function parseTestMessage(input: Record<string, unknown>): TestViewMessage | undefined {
  const { type, cell } = input;
  switch (type) {
    case 'compareRuns':
    case 'importResults':
    case 'endComparison':
      return { type };
    case 'testUntried': {
      if (cell === undefined) return { type, cell };
      const { fault, target } = (typeof cell === 'object' && cell !== null ? cell : {}) as Record<string, unknown>;
      return isName(fault) && isName(target) ? { type, cell: { fault, target } } : undefined;
    }
    default:
      return undefined;
  }
}

/** A message of the host about resilience tests, checked in outline; undefined when it is none. */
export function parseTestHostMessage(message: Record<string, unknown>): TestHostMessage | undefined {
  const { type, coverage, comparison } = message;
  const rowsOf = (value: unknown): unknown => (value as { rows?: unknown } | null)?.rows;
  const whole = (value: unknown): boolean => value === undefined || Array.isArray(rowsOf(value));
  if (type === 'coverage' && whole(coverage)) return { type, coverage: coverage as PanelCoverage | undefined };
  if (type !== 'comparison' || !whole(comparison)) return undefined;
  return { type, comparison: comparison as PanelComparison | undefined };
}
