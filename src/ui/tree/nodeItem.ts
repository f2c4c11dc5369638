import * as vscode from 'vscode';
import { NODE_COLOURS, type NodeLook } from '../../core/base/nodeLook';
import { formatPercent } from '../../core/base/percent';
import { formatMetric } from '../../core/diagnosis/reasonText';
import { metricDefinition } from '../../core/metrics/catalogue';
import type { DiagnosisState } from '../../core/monitoring/diagnosisState';
import type { MonitorState } from '../../core/monitoring/monitorState';
import { nodeRowId, type NodeRow } from '../../core/monitoring/nodeRows';
import type { DatabasePod } from '../../core/cluster/databasePod';
import { shortZone } from '../commands/inject/injectSteps';
import { localized } from '../text/coreText';
import { anomalyName, reasonWords } from '../text/labels';
import { nodeName } from './experimentStyle';
import { nodeUri, scoreWords } from './nodeDecorations';
import { windowText } from './nodesText';

/** The data that the nodes' rows show; `old` = they are not up to date. */
interface Seen extends Pick<MonitorState, 'diagnosis'> {
  looks: ReadonlyMap<string, NodeLook>;
  known: (Pick<DiagnosisState, 'state' | 'unknownNodes'> & { old: boolean }) | undefined;
}

/** Zones with more nodes start collapsed; the zone's row says whether there is something to see. */
const MOST_OPEN = 8;

/** A row of the node view; a reason opens its chart. */
export function nodeItem(row: NodeRow, state: Seen): vscode.TreeItem {
  if (row.type === 'node') return targetItem(row.target, nodeRowId(row), state);
  if (row.type === 'zone') return zoneItem(row.zone, row.targets, nodeRowId(row), state);
  const item = new vscode.TreeItem('');
  item.id = nodeRowId(row);
  if (row.type === 'pair') {
    const { pair } = row;
    item.label = anomalyName(pair.type);
    item.description = formatPercent(pair.probability);
    item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
    item.collapsibleState =
      pair.reasons.length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
    item.accessibilityInformation = { label: `${item.label} ${item.description}` };
    return item;
  }
  const { metric, direction, value, baseline, measuredAt } = row.reason;
  const definition = metricDefinition(metric);
  const title = localized(definition?.title ?? metric);
  item.label = measuredAt === 'peers' ? vscode.l10n.t('{0} at the peers', title) : title;
  item.description = vscode.l10n.t(
    '{0}, baseline {1}',
    formatMetric(value, definition?.unit),
    formatMetric(baseline, definition?.unit),
  );
  item.tooltip = reasonWords(row.reason);
  item.iconPath = new vscode.ThemeIcon(direction === 'up' ? 'arrow-up' : 'arrow-down');
  item.accessibilityInformation = { label: reasonWords(row.reason) };
  item.command = {
    command: 'distdiag.openMetricsPanel',
    title: vscode.l10n.t('Open Metrics Panel'),
    arguments: [metric],
  };
  return item;
}

/** A zone shows how many of its nodes are anomalous, also while collapsed. */
function zoneItem(
  zone: string,
  targets: readonly DatabasePod[],
  id: string,
  { diagnosis, known }: Seen,
): vscode.TreeItem {
  const item = new vscode.TreeItem(
    shortZone(zone),
    targets.length > MOST_OPEN ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.Expanded,
  );
  const anomalous = known?.old
    ? 0
    : targets.filter(({ pod }) => diagnosis?.nodes.some(({ node, anomalous: is }) => is && node === pod)).length;
  item.id = id;
  item.description =
    anomalous > 0
      ? vscode.l10n.t('{0} of {1} anomalous', anomalous, targets.length)
      : vscode.l10n.t('{0} nodes', targets.length);
  item.iconPath =
    anomalous > 0
      ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
      : new vscode.ThemeIcon('server-environment');
  item.tooltip = zone;
  item.accessibilityInformation = { label: `${vscode.l10n.t('Zone {0}', zone)}, ${item.description}` };
  return item;
}

function targetItem(target: DatabasePod, id: string, { diagnosis, known, looks }: Seen): vscode.TreeItem {
  const rank = diagnosis?.nodes.find((node) => node.node === target.pod);
  const named = diagnosis?.ranking.filter((pair) => pair.named && pair.node === target.pod) ?? [];
  const item = new vscode.TreeItem(
    nodeName(target.pod),
    named.length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.id = id;
  item.resourceUri = nodeUri(id);
  const unknown = known?.unknownNodes.find(({ node }) => node === target.pod);
  const old = known?.old ?? false;
  const words =
    unknown !== undefined
      ? vscode.l10n.t('unknown')
      : named.length > 0
        ? namedWords(named)
        : target.ready
          ? ''
          : vscode.l10n.t('not ready');
  const zone = shortZone(target.zone);
  const rankText = rank && scoreWords(rank.rank);
  item.description = [
    words,
    old && words ? vscode.l10n.t('currently unknown') : undefined,
    target.pod.includes(zone) ? undefined : zone,
  ]
    .filter(Boolean)
    .join(' · ');
  item.iconPath =
    old || unknown
      ? new vscode.ThemeIcon('question', new vscode.ThemeColor('disabledForeground'))
      : new vscode.ThemeIcon(rank?.anomalous ? 'warning' : 'server', nodeColour(target, looks));
  item.accessibilityInformation = {
    label: [
      target.pod,
      rankText ?? vscode.l10n.t('no anomaly score yet'),
      words || (rank && !old ? vscode.l10n.t('no anomaly detected') : undefined),
      old ? vscode.l10n.t('currently unknown') : undefined,
    ]
      .filter(Boolean)
      .join(', '),
  };
  const tooltip = new vscode.MarkdownString();
  const none = vscode.l10n.t('none');
  tooltip.appendText(
    vscode.l10n.t('{0}: host {1}, address {2}', target.pod, target.hostNode ?? none, target.ip ?? none),
  );
  if (unknown) tooltip.appendText(`\n${localized(unknown.reason)}`);
  if (diagnosis && rankText)
    tooltip.appendText(`\n${vscode.l10n.t('{0} in the data from {1}', rankText, windowText(diagnosis))}`);
  for (const pair of named)
    for (const reason of pair.reasons) tooltip.appendText(`\n${anomalyName(pair.type)}: ${reasonWords(reason)}`);
  item.tooltip = tooltip;
  item.command = { command: 'distdiag.openMetricsPanel', title: vscode.l10n.t('Open Metrics Panel') };
  return item;
}

/** The same colour as in charts, graph and reports; the icon's shape, not its colour, says whether something is wrong. */
function nodeColour({ pod, ready }: DatabasePod, looks: ReadonlyMap<string, NodeLook>): vscode.ThemeColor {
  const colour = NODE_COLOURS[looks.get(pod)?.colour ?? -1];
  return new vscode.ThemeColor(ready && colour ? colour.theme : 'disabledForeground');
}

/** Anomalies with their probabilities first, so that a narrow view does not cut them off. */
const namedWords = (pairs: readonly { type: string; probability: number }[]): string =>
  pairs.map(({ type, probability }) => `${formatPercent(probability)} ${anomalyName(type)}`).join(', ');
