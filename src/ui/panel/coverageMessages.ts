import type { Coverage, CoverageCell } from '../../core/testCoverage/coverage';
import type { RunComparison } from '../../core/resilience/runs/compareRuns';
import type { Outcome } from '../../core/resilience/outcome';
import { startOf } from '../../core/resilience/runs/testRun';
import type { PanelComparison, PanelCoverage, PanelCoverageCell, PanelOutcome } from '../../shared/testMessages';
import { localized } from '../text/coreText';
import { anomalyName } from '../text/labels';

/** The coverage as a message to the panel. */
export const toPanelCoverage = ({ by, targets, rows, tried, all }: Coverage): PanelCoverage => ({
  by,
  targets: targets.map(({ name, nodes }) => ({ name, nodes: nodes.length })),
  rows: rows.map(({ fault, cells, onLeader }) => ({
    fault,
    title: anomalyName(fault),
    cells: cells.map(toPanelCell),
    onLeader: onLeader && toPanelCell(onLeader),
  })),
  tried,
  all,
});

const toPanelCell = ({ state, strengths, nodes }: CoverageCell): PanelCoverageCell => ({
  state,
  strengths: strengths.map((one) => ({
    title: localized(one.strength.title),
    state: one.state,
    at: one.at,
    onLeader: one.onLeader,
    importedFrom: one.importedFrom,
  })),
  nodes: nodes.length,
});

/** Two runs as a message to the panel, without the series of the earlier one. */
export const toPanelComparison = ({ before, now, span, differences }: RunComparison, id: number): PanelComparison => ({
  id,
  title: now.scenario,
  before: { at: startOf(before), verdict: before.verdict },
  now: { at: startOf(now), verdict: now.verdict },
  ...span,
  rows: differences.map((one) => ({
    name: one.name,
    change: one.change,
    before: one.before && toPanelOutcome(one.before),
    now: one.now && toPanelOutcome(one.now),
  })),
  ghosts: undefined,
  problem: undefined,
});

const toPanelOutcome = ({ state, expected, seen, worst, recoveryMs }: Outcome): PanelOutcome => ({
  state,
  expected: localized(expected),
  seen: localized(seen),
  worst,
  recoveryMs,
});
