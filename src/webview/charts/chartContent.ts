import { METRICS, type MetricGroup, type MetricUnit } from '../../core/metrics/catalogue';
import type { OwnChart } from '../../shared/chartMessages';
import type { PanelGap, PanelSnapshot, PanelThreshold } from '../../shared/protocol';
import type { Line } from '../elements/table';
import { named, t } from '../texts';

/** The anomaly scores' chart among the metrics. */
export const RANK_CHART = 'rank';

/** What one chart shows. */
export interface CardContent {
  id: string;
  title: string;
  description: string;
  unit: MetricUnit | undefined;
  timestamps: Float64Array;
  lines: readonly Line[];
  /** Its lines are the database's nodes: they have a place in the legend. */
  ofNodes: boolean;
  /** What is to be told of its query. */
  problem?: { message: string; hint?: string | undefined } | undefined;
  /** Moments without any value, and why. */
  gaps?: readonly PanelGap[];
  left?: number;
  /** What resilience tests expect of it. */
  thresholds?: readonly PanelThreshold[];
}

/** Charts that stand together under one heading; `undefined` = no heading. */
export interface CardGroup {
  id: string;
  title: string | undefined;
  cards: CardContent[];
}

const groupTitle = (group: MetricGroup): string =>
  ({ cpu: t('CPU'), memory: t('Memory'), network: t('Network'), disk: t('Disk'), workload: t('Workload') })[group];

/** The scores, the metrics (the main ones in one group, or all by group), and the charts of the user's own. */
export function chartGroups(snapshot: PanelSnapshot, own: readonly OwnChart[], all: boolean): CardGroup[] {
  const { timestamps, thresholds = [] } = snapshot;
  const expected = (chart: string): PanelThreshold[] => thresholds.filter((one) => one.chart === chart);
  const groups: CardGroup[] = [];
  const main: CardContent[] = [];
  if (snapshot.ranks) {
    main.push({
      id: RANK_CHART,
      title: t('Anomaly score'),
      description: t('How anomalous each node is, 0 to 100%, at every moment of the window.'),
      unit: 'ratio',
      timestamps,
      lines: snapshot.ranks.nodes.map(({ node, values }) => ({ name: node, values })),
      ofNodes: true,
      gaps: snapshot.rankGaps,
    });
  }
  groups.push({ id: 'main', title: undefined, cards: main });
  const byMetric = new Map<string, Line[]>();
  for (const { metric, node, values } of snapshot.series) {
    const lines = byMetric.get(metric) ?? [];
    if (lines.length === 0) byMetric.set(metric, lines);
    lines.push({ name: node, values });
  }
  const byGroup = new Map<MetricGroup, CardContent[]>();
  for (const { id, title, description, unit, group, primary } of METRICS) {
    const lines = byMetric.get(id);
    if (!lines || (!primary && !all)) continue;
    const old = snapshot.old.find(({ metric }) => metric === id);
    const card: CardContent = {
      id,
      title: named(String(title)),
      description: named(String(description)),
      unit,
      timestamps,
      lines,
      ofNodes: true,
      problem: old && { message: old.text },
      thresholds: expected(id),
    };
    if (!all) main.push(card);
    else byGroup.set(group, [...(byGroup.get(group) ?? []), card]);
  }
  for (const [group, cards] of byGroup) groups.push({ id: group, title: groupTitle(group), cards });
  if (own.length > 0)
    groups.push({
      id: 'own',
      title: t('Your charts'),
      cards: own.map(({ id, query, title, unit, timestamps: axis, lines, problem, left }) => ({
        id,
        title: title || query,
        description: query,
        unit,
        timestamps: axis,
        lines,
        ofNodes: false,
        problem,
        left,
        thresholds: expected(query),
      })),
    });
  return groups;
}
