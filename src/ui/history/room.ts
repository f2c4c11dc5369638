import type { ChaosObject, Experiment } from '../../core/experiment';
import { toExperiment } from '../../core/experimentParse';
import type { Clock, Disposable } from '../../core/ports';
import { eventText, type EventTextParts } from '../eventText';
import type { SessionManager } from '../session';
import { HistoryRows, type HistoryRow } from '../tree/historyTree';
import type { LoadedRows } from '../tree/lazyView';
import { HistoryKeeper, type HistoryKeeperParts } from './historyKeeper';

/** What looks back: the history of this workspace and its rows, and the text of an experiment's events. */
export interface PastRoom extends Disposable {
  readonly keeper: HistoryKeeper;
  readonly rows: LoadedRows<HistoryRow>;
  eventText(parts: EventTextParts): string;
  /** Undefined where the object is no experiment. */
  readExperiment(object: ChaosObject): Experiment | undefined;
}

/** Entry of a bundle of its own: loaded when a cluster is connected or the history is looked at. */
export function createPast(parts: HistoryKeeperParts & { sessions: SessionManager; clock: Clock }): PastRoom {
  const keeper = new HistoryKeeper(parts);
  const following = keeper.follow(parts.sessions);
  const rows = new HistoryRows(keeper, parts.clock);
  return {
    keeper,
    rows,
    eventText,
    readExperiment: toExperiment,
    dispose: () => [following, rows, keeper].forEach((one) => one.dispose()),
  };
}
