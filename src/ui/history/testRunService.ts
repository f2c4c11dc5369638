import * as vscode from 'vscode';
import type { Clock } from '../../core/base/clock';
import type { Disposable } from '../../core/base/disposable';
import type { Log } from '../../core/base/log';
import { randomText } from '../../core/base/randomText';
import type { TestedOnCluster } from '../../core/resilience/runOnCluster';
import { toTestRun, type TestRun } from '../../core/resilience/testRun';
import { TestRunBook } from '../../core/resilience/testRunBook';
import { readTestRuns, writeTestRuns } from '../../core/resilience/testRunFormat';
import type { ScenarioPlan } from '../../core/scenario/planScenario';
import { clusterKey } from '../../core/cluster/clusterKey';
import type { ClusterSession } from '../session/session';
import { KeptFile } from './keptFile';

const MOST_BYTES = 20_000_000;

/** Keeps what the resilience tests of this workspace came to, beside the history of its experiments. */
export class TestRunService implements Disposable {
  readonly #book = new TestRunBook();
  readonly #file: KeptFile;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when there is a run more, or there are fewer. */
  readonly onDidChange = this.#changed.event;
  #loading: Promise<void> | undefined;

  constructor({ folder, clock, log }: { folder: vscode.Uri; clock: Clock; log: Log }) {
    this.#clock = clock;
    this.#log = log;
    const what = 'runs of the resilience tests';
    this.#file = new KeptFile({ folder, name: 'resilience-tests', what, mostBytes: MOST_BYTES, log });
  }

  /** Newest first; what the file holds is there after `load`. */
  get runs(): readonly TestRun[] {
    return this.#book.all;
  }

  /** Reads the file once. Never rejects: one that is damaged is put aside, and the runs begin anew. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Those of a cluster, newest first. */
  async of(where: Pick<ClusterSession, 'context' | 'server'>): Promise<readonly TestRun[]> {
    await this.load();
    const key = clusterKey(where);
    return this.runs.filter((run) => run.where === key);
  }

  /** Keeps a run. */
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
    await this.#save();
  }

  /** Keeps runs that were made elsewhere, each once; how many of them are new. */
  async import(runs: readonly TestRun[], from: string): Promise<{ added: number; known: number; tooOld: number }> {
    await this.load();
    const before = new Set(this.#book.all.map(({ id }) => id));
    const fresh = [...new Map(runs.filter(({ id }) => !before.has(id)).map((run) => [run.id, run])).values()];
    const at = this.#clock.now();
    this.#book.merge(fresh.map((run) => ({ ...run, imported: { from, at } })));
    const now = new Set(this.#book.all.map(({ id }) => id));
    const added = fresh.filter(({ id }) => now.has(id)).length;
    if (added > 0) {
      this.#changed.fire();
      await this.#save();
    }
    return { added, known: runs.length - fresh.length, tooOld: fresh.length - added };
  }

  /** Forgets all runs, in the file too. */
  async clear(): Promise<void> {
    await this.load();
    this.#book.clear(this.#clock.now());
    this.#changed.fire();
    await this.#save();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #load(): Promise<void> {
    try {
      const text = await this.#file.read();
      if (text === undefined) return;
      const { runs, clearedAt, damaged } = readTestRuns(text);
      if (damaged > 0) {
        this.#log.warn(
          `${damaged} part(s) of resilience-tests.json cannot be read; it is kept as resilience-tests.damaged.json`,
        );
        await this.#file.putAside();
      }
      this.#book.merge(runs, clearedAt);
    } catch (error) {
      this.#log.warn('The runs of the resilience tests cannot be read.', String(error));
    }
  }

  #save(): Promise<void> {
    return this.#file.save((kept) => {
      if (kept !== undefined) {
        const { runs, clearedAt } = readTestRuns(kept);
        this.#book.merge(runs, clearedAt);
      }
      return writeTestRuns(this.#book.all, this.#book.clearedAt);
    });
  }
}
