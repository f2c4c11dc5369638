import * as vscode from 'vscode';
import type { Clock } from '../../core/base/clock';
import type { Disposable } from '../../core/base/disposable';
import type { Log } from '../../core/base/log';
import { randomText } from '../../core/base/randomText';
import type { TestedOnCluster } from '../../core/resilience/runOnCluster';
import { toTestRun, type TestRun } from '../../core/resilience/runs/testRun';
import { TestRunBook } from '../../core/resilience/runs/testRunBook';
import { readTestRuns, writeTestRuns } from '../../core/resilience/runs/testRunFormat';
import type { ScenarioPlan } from '../../core/scenario/planScenario';
import { clusterKey } from '../../core/cluster/clusterKey';
import type { ClusterSession } from '../session/session';
import { KeptFile } from './keptFile';

/** A larger file, of ours or of an import, is not read. */
export const MOST_BYTES = 20_000_000;

/** Keeps the results of this workspace's resilience tests, next to the history of its experiments. */
export class TestRunService implements Disposable {
  readonly #book = new TestRunBook();
  readonly #file: KeptFile<TestRun>;
  readonly #clock: Clock;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when runs were added or removed. */
  readonly onDidChange = this.#changed.event;

  constructor({ folder, clock, log }: { folder: vscode.Uri; clock: Clock; log: Log }) {
    this.#clock = clock;
    this.#file = new KeptFile({
      folder,
      name: 'resilience-tests',
      what: 'runs of the resilience tests',
      mostBytes: MOST_BYTES,
      book: this.#book,
      read: readTestRuns,
      write: writeTestRuns,
      log,
    });
  }

  /** Newest first; those in the file are included after `load`. */
  get runs(): readonly TestRun[] {
    return this.#book.all;
  }

  /** Reads the file once. Never rejects: a damaged file is kept under another name, and a new one is started. */
  load(): Promise<void> {
    return this.#file.load();
  }

  /** The runs on a cluster, newest first. */
  async of(where: Pick<ClusterSession, 'context' | 'server'>): Promise<readonly TestRun[]> {
    await this.load();
    const key = clusterKey(where);
    return this.runs.filter((run) => run.where === key);
  }

  /** Adds a run. */
  async add(
    plan: ScenarioPlan,
    result: TestedOnCluster,
    session: Pick<ClusterSession, 'context' | 'server'>,
  ): Promise<void> {
    await this.load();
    const { context } = session;
    const id = `${this.#clock.now()}-${randomText(5, Math.random)}`;
    this.#book.merge([toTestRun(plan, result, { id, where: clusterKey(session), context })]);
    this.#changed.fire();
    await this.#file.save();
  }

  /** Keeps the runs of files that were written elsewhere, each once; how many of them are new. */
  async import(
    files: readonly { from: string; runs: readonly TestRun[] }[],
  ): Promise<{ added: number; known: number; tooOld: number }> {
    await this.load();
    const before = new Set(this.#book.all.map(({ id }) => id));
    // What was cleared may have been ahead of the editor's clock.
    const at = Math.max(this.#clock.now(), this.#book.clearedAt + 1);
    const runs = files.flatMap((file) => file.runs.map((run) => ({ ...run, imported: { from: file.from, at } })));
    const fresh = [...new Map(runs.filter(({ id }) => !before.has(id)).map((run) => [run.id, run])).values()];
    this.#book.merge(fresh);
    const now = new Set(this.#book.all.map(({ id }) => id));
    const added = fresh.filter(({ id }) => now.has(id)).length;
    if (added > 0) {
      this.#changed.fire();
      await this.#file.save();
    }
    return { added, known: runs.length - fresh.length, tooOld: fresh.length - added };
  }

  /** Forgets all runs, in the file too. */
  async clear(): Promise<void> {
    await this.load();
    this.#book.clear(this.#clock.now());
    this.#changed.fire();
    await this.#file.save();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
