import * as vscode from 'vscode';
import type { Clock } from '../../core/base/clock';
import type { Disposable } from '../../core/base/disposable';
import type { Log } from '../../core/base/log';
import { randomText } from '../../core/base/randomText';
import type { TestResult } from '../../core/resilience/resilienceTest';
import { toTestRun, type TestRun } from '../../core/resilience/testRun';
import { TestRunBook } from '../../core/resilience/testRunBook';
import { readTestRuns, writeTestRuns } from '../../core/resilience/testRunFormat';
import type { ScenarioPlan } from '../../core/scenario/planScenario';
import { clusterKey } from '../session/prometheusChoices';
import type { ClusterSession } from '../session/session';
import { KeptFile } from './keptFile';

const MOST_BYTES = 20_000_000;

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
    result: TestResult,
    session: Pick<ClusterSession, 'context' | 'server'>,
  ): Promise<void> {
    await this.load();
    const { context } = session;
    const id = `${this.#clock.now()}-${randomText(5, Math.random)}`;
    this.#book.merge([toTestRun(plan, result, { id, where: clusterKey(session), context })]);
    this.#changed.fire();
    await this.#file.save();
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
