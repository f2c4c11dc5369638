import { l10n } from 'vscode';
import type { MonitorHealth } from '../../core/monitorState';
import type { ExperimentSnapshot } from '../../core/ports';
import { sentences } from '../errors';
import { times } from '../times';

type Broken = Extract<MonitorHealth, { state: 'stale' | 'failed' }>;

/** Why the nodes are not up to date. An outage that the list of experiments has in its message is not told again. */
export function outageWords(health: Broken, list: ExperimentSnapshot | undefined): string {
  const other = list?.health;
  const isTold =
    list !== undefined &&
    list.experiments.length > 0 &&
    (other?.state === 'stale' || other?.state === 'failed') &&
    health.error.message.endsWith(other.error.message); // which says what was asked besides
  if (!isTold) return sentences(health.error.message, health.error.hint);
  return health.state === 'stale' ? l10n.t('Last updated {0}', times().timeOfDay(health.since)) : '';
}
