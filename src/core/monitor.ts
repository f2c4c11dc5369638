import type { MonitorState } from './monitorState';
import type { Disposable } from './ports';

/** Watches the database: fetches frames, has them ranked and diagnosed, and tells its subscribers. Works only while it has subscribers and is live. */
export interface Monitor extends Disposable {
  readonly state: MonitorState;
  /** Calls back with the current state at once and on every change. */
  subscribe(listener: (state: MonitorState) => void): Disposable;
  /** A range change aborts what is under way. */
  setRange(windowMs: number, stepMs: number): void;
  /** Paused: keeps what it has and asks nothing. */
  setLive(live: boolean): void;
  /** Fetches, ranks and diagnoses now; resolves with the new state. Rejects only when aborted. */
  refresh(signal?: AbortSignal): Promise<MonitorState>;
}
