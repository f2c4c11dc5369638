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

/** What the keeper needs. */
export interface HistoryServiceParts {
  /** Where this workspace's file lies; made when needed. */
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
  readonly #file: KeptFile;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when there is something new to show. */
  readonly onDidChange = this.#changed.event;
  #loading: Promise<void> | undefined;
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
      log,
    });
  }

  /** Those that have ended, newest first; what the file holds is there after `load`. */
  get entries(): readonly HistoryEntry[] {
    return this.#book.ended;
  }

  find(key: string): HistoryEntry | undefined {
    return this.#book.find(key);
  }

  /** Reads the file once. Never rejects: one that is damaged is put aside, and the history begins anew. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** When experiments acted on a cluster in earlier sessions. */
  async spans(where: { context: string; server: string }): Promise<readonly ExperimentSpan[]> {
    await this.load();
    return this.#book.spans(clusterKey(where));
  }

  /** Where experiments of ours are in a cluster that no session has seen end. */
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

  /** Forgets all that has ended, in the file too. */
  async clear(): Promise<void> {
    await this.load();
    this.#book.clear(this.#parts.clock.now());
    this.#changed.fire();
    await this.#save();
  }

  /** What is planned is written at once. */
  dispose(): void {
    this.#disposed = true;
    if (this.#planned) void this.#save();
    this.#watching?.dispose();
    this.#changed.dispose();
  }

  async #heard(session: ClusterSession, snapshot: ExperimentSnapshot): Promise<void> {
    await this.load(); // what was there when the last window closed may be gone by now
    const { context } = session;
    if (!this.#book.follow({ where: clusterKey(session), context }, snapshot, session.clock.now())) return;
    if (this.#disposed) return;
    this.#changed.fire();
    this.#planned ??= this.#parts.clock.after(SAVE_AFTER_MS, () => void this.#save());
  }

  async #load(): Promise<void> {
    const { log } = this.#parts;
    let read: ReturnType<typeof contentOf>;
    try {
      read = contentOf(await this.#file.read());
    } catch (error) {
      // It is read again before it is written.
      log.warn('The history of the experiments cannot be read.', String(error));
      return;
    }
    const { entries, clearedAt, damaged } = read;
    if (damaged > 0) {
      log.warn(`${damaged} part(s) of the history cannot be read; the file is kept beside it as history.damaged.json`);
      await this.#file.putAside();
    }
    this.#book.merge(entries, clearedAt);
    if (!this.#disposed && entries.length > 0) this.#changed.fire();
  }

  /** What another window has written meanwhile is taken in. */
  #save(): Promise<void> {
    this.#planned?.dispose();
    this.#planned = undefined;
    return this.#file.save((kept) => {
      const { entries, clearedAt } = contentOf(kept);
      this.#book.merge(entries, clearedAt);
      return writeHistory(this.#book.all, this.#book.clearedAt);
    });
  }
}

/** There may be no file yet. */
const contentOf = (text: string | undefined): ReturnType<typeof readHistory> =>
  text === undefined ? { entries: [], clearedAt: 0, damaged: 0 } : readHistory(text);
