import type { Disposable } from '../../core/ports';
import type { HistoryRow } from '../tree/historyTree';
import { LazyView } from '../tree/lazyView';
import type { PastRoom } from './room';

/** The history before and after its code is there: it is loaded when its view is looked at, or a cluster is connected. */
export class LazyPast implements Disposable {
  readonly #create: () => PastRoom;
  readonly #view: LazyView<HistoryRow>;
  #room: PastRoom | undefined;

  constructor(create: () => PastRoom) {
    this.#create = create;
    this.#view = new LazyView('distdiag.history', () => this.room.rows, { canSelectMany: true });
  }

  /** Loads it, where it is not there yet. */
  get room(): PastRoom {
    return (this.#room ??= this.#create());
  }

  dispose(): void {
    this.#view.dispose();
    this.#room?.dispose();
  }
}
