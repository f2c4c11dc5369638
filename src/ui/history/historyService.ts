import * as vscode from 'vscode';
import { HistoryStore } from '../../core/history/store';
import type { HistoryEntry } from '../../core/history/entry';
import { readHistory, writeHistory } from '../../core/history/format';
import type { ExperimentSpan } from '../../core/experiments/spans';
import type { Clock } from '../../core/base/clock';
import type { Disposable } from '../../core/base/disposable';
import type { Log } from '../../core/base/log';
import type { ExperimentSnapshot } from '../../core/experiments/gateway';
import { clusterKey } from '../../core/cluster/clusterKey';
import type { ClusterSession, SessionManager } from '../session/session';
import { KeptFile } from './keptFile';

/** What the service needs. */
export interface HistoryServiceParts {
  /** The folder of this workspace's file, created when needed. */
  folder: vscode.Uri;
  clock: Clock;
  log: Log;
}

const SAVE_AFTER_MS = 1000;
const MOST_BYTES = 50_000_000;

/** Keeps this workspace's history of experiments in a file, following the cluster while others watch it. */
export class HistoryService implements Disposable {
  readonly #parts: HistoryServiceParts;
  readonly #book = new HistoryStore();
  readonly #file: KeptFile<HistoryEntry>;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when the history has changed. */
  readonly onDidChange = this.#changed.event;
  #planned: Disposable | undefined;
  #watching: Disposable | undefined;
  #disposed = false;

  constructor(parts: HistoryServiceParts) {
    this.#parts = parts;
    const { folder, log } = parts;
    this.#file = new KeptFile({
      folder,
      name: 'history',
      what: 'history of the experiments',
      mostBytes: MOST_BYTES,
      book: this.#book,
      read: readHistory,
      write: writeHistory,
      log,
      onLoaded: () => {
        if (!this.#disposed) this.#changed.fire();
      },
    });
  }

  /** The ended experiments, newest first; those in the file are included after `load`. */
  get entries(): readonly HistoryEntry[] {
    return this.#book.ended;
  }

  find(key: string): HistoryEntry | undefined {
    return this.#book.find(key);
  }

  /** Reads the file once. Never rejects: a damaged file is kept under another name, and a new one is started. */
  load(): Promise<void> {
    return this.#file.load();
  }

  /** When experiments were running on a cluster in earlier sessions. */
  async spans(where: { context: string; server: string }): Promise<readonly ExperimentSpan[]> {
    await this.load();
    return this.#book.spans(clusterKey(where));
  }

  /** The namespaces of our experiments in a cluster that no session has seen end. */
  async namespaces(where: { context: string; server: string }): Promise<readonly string[]> {
    await this.load();
    return this.#book.namespaces(clusterKey(where));
  }

  /** Follows every session of this window. */
  follow(sessions: Pick<SessionManager, 'onDidOpen' | 'onDidChange'>): Disposable {
    const opened = sessions.onDidOpen((session) => {
      this.#watching?.dispose();
      this.#watching = session.store.observe((snapshot) => void this.#heard(session, snapshot));
    });
    const changed = sessions.onDidChange(() => {
      this.#watching?.dispose();
      this.#watching = undefined;
    });
    return { dispose: () => [opened, changed, this.#watching].forEach((one) => void one?.dispose()) };
  }

  /** Forgets everything that has ended, in the file too. */
  async clear(): Promise<void> {
    await this.load();
    this.#book.clear(this.#parts.clock.now());
    this.#changed.fire();
    await this.#save();
  }

  /** Writes pending changes at once. */
  dispose(): void {
    this.#disposed = true;
    if (this.#planned) void this.#save();
    this.#watching?.dispose();
    this.#changed.dispose();
  }

  async #heard(session: ClusterSession, snapshot: ExperimentSnapshot): Promise<void> {
    await this.load(); // experiments that existed when the last window closed may be gone by now
    const { context } = session;
    if (!this.#book.follow({ where: clusterKey(session), context }, snapshot, session.clock.now())) return;
    if (this.#disposed) return;
    this.#changed.fire();
    this.#planned ??= this.#parts.clock.after(SAVE_AFTER_MS, () => void this.#save());
  }

  #save(): Promise<void> {
    this.#planned?.dispose();
    this.#planned = undefined;
    return this.#file.save();
  }
}
