import * as vscode from 'vscode';
import { faultTitle, isFaultType } from '../../core/faults/catalogue';
import { formatMetric } from '../../core/diagnosis/reasonText';
import type { Reason } from '../../core/diagnosis/types';
import type { Experiment } from '../../core/experiments/experiment';
import { metricDefinition } from '../../core/metrics/catalogue';
import { localized } from './coreText';

/** An anomaly type's title in the editor's language. */
export const anomalyName = (type: string): string => localized(faultTitle(type));

/** What an experiment is called: its fault, else its Chaos Mesh kind. */
export const experimentName = ({ fault, ref }: Pick<Experiment, 'fault' | 'ref'>): string =>
  fault ? anomalyName(fault) : ref.kind;

/** What a span is called: its anomaly's name, else what kind of chaos it was. */
export const spanTitle = ({ label }: { label: string }): string => (isFaultType(label) ? anomalyName(label) : label);

/** Why a node is called sick, in one line: `Write latency 101 ms, normally 1.2 ms`. */
export function reasonWords({ metric, value, baseline }: Reason): string {
  const definition = metricDefinition(metric);
  return vscode.l10n.t(
    '{0} {1}, normally {2}',
    localized(definition?.title ?? metric),
    formatMetric(value, definition?.unit),
    formatMetric(baseline, definition?.unit),
  );
}
