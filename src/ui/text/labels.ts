import * as vscode from 'vscode';
import { faultTitle, isFaultType } from '../../core/faults/catalogue';
import { formatMetric } from '../../core/diagnosis/reasonText';
import type { Reason } from '../../core/diagnosis/types';
import type { Verdict } from '../../core/resilience/outcome';
import type { Experiment } from '../../core/experiments/experiment';
import { metricDefinition } from '../../core/metrics/catalogue';
import { localized } from './coreText';

/** An anomaly type's title in the editor's language. */
export const anomalyName = (type: string): string => localized(faultTitle(type));

/** The name of an experiment: its fault, else its Chaos Mesh kind. */
export const experimentName = ({ fault, ref }: Pick<Experiment, 'fault' | 'ref'>): string =>
  fault ? anomalyName(fault) : ref.kind;

/** The name of a span: its anomaly, else the kind of chaos. */
export const spanTitle = ({ label }: { label: string }): string => (isFaultType(label) ? anomalyName(label) : label);

/** Why a node is anomalous, in one line: `Write latency 101 ms, baseline 1.2 ms`. */
export function reasonWords({ metric, value, baseline, measuredAt }: Reason): string {
  const definition = metricDefinition(metric);
  if (measuredAt === 'peers')
    return vscode.l10n.t(
      'Peers see +{0} from this node ({1} {2}, baseline {3})',
      formatMetric(value - baseline, definition?.unit),
      localized(definition?.title ?? metric),
      formatMetric(value, definition?.unit),
      formatMetric(baseline, definition?.unit),
    );
  return vscode.l10n.t(
    '{0} {1}, baseline {2}',
    localized(definition?.title ?? metric),
    formatMetric(value, definition?.unit),
    formatMetric(baseline, definition?.unit),
  );
}

/** The verdict of a resilience test. */
export function verdictName(verdict: Verdict): string {
  switch (verdict) {
    case 'passed':
      return vscode.l10n.t('Passed');
    case 'failed':
      return vscode.l10n.t('Failed');
    case 'aborted':
      return vscode.l10n.t('Aborted');
    case 'inconclusive':
      return vscode.l10n.t('Inconclusive');
  }
}
