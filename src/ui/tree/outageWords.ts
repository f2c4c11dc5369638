import { inARow } from '../../core/base/text';
import type { DiagnosisState } from '../../core/monitoring/diagnosisState';
import type { MonitorHealth } from '../../core/monitoring/monitorState';
import type { ExperimentSnapshot } from '../../core/experiments/gateway';
import { localized } from '../text/coreText';
import { knownWords } from './nodeWindow';

type Broken = Extract<MonitorHealth, { state: 'stale' | 'failed' }>;

/** Why the nodes are not up to date. An outage that the list of experiments has in its message is not told again. */
export function outageWords(known: DiagnosisState, { error }: Broken, list: ExperimentSnapshot | undefined): string {
  const other = list?.health;
  const isTold =
    list !== undefined &&
    list.experiments.length > 0 &&
    (other?.state === 'stale' || other?.state === 'failed') &&
    error.message.endsWith(other.error.message); // which says what was asked besides
  if (isTold) return knownWords({ ...known, reason: undefined });
  return inARow(knownWords(known), error.hint && localized(error.hint));
}
