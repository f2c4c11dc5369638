import { inARow } from '../../core/base/text';
import type { DiagnosisState } from '../../core/monitoring/diagnosisState';
import type { MonitorHealth } from '../../core/monitoring/monitorState';
import type { ExperimentSnapshot } from '../../core/experiments/gateway';
import { localized } from '../text/coreText';
import { knownWords } from './nodesText';

type Broken = Extract<MonitorHealth, { state: 'stale' | 'failed' }>;

/** Why the nodes are not up to date. An outage that the list of experiments already shows is not repeated. */
export function outageWords(known: DiagnosisState, { error }: Broken, list: ExperimentSnapshot | undefined): string {
  const other = list?.health;
  const isTold =
    list !== undefined &&
    list.experiments.length > 0 &&
    (other?.state === 'stale' || other?.state === 'failed') &&
    error.message.endsWith(other.error.message); // its message also says what was requested
  if (isTold) return knownWords({ ...known, reason: undefined });
  return inARow(knownWords(known), error.hint && localized(error.hint));
}
