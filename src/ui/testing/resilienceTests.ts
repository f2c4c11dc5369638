import * as vscode from 'vscode';
import { toAppError } from '../../core/base/errors';
import type { Log } from '../../core/base/log';
import type { Scenario } from '../../core/scenario/scenario';
import type { ScenarioLanguage } from '../../core/scenario/text';
import type { TestRunService } from '../history/testRunService';
import type { ClusterSession, SessionManager } from '../session/session';
import { localized } from '../text/coreText';
import { sentences } from '../text/errors';
import { showInformationMessage } from '../text/notify';
import { agreeOnRun, planOf } from './agreement';
import { momentsOf, type TestMoment } from './moments';
import { messageOf, outputOf } from './results';
import { dryRunTest, runTest } from './runTest';
import { TestItems } from './testItems';

/** What the Testing view needs. */
export interface ResilienceTestsParts {
  sessions: Pick<SessionManager, 'current'>;
  language: () => Promise<ScenarioLanguage>;
  createdBy: string;
  /** Stores the result of each run. */
  testRuns: Pick<TestRunService, 'add'>;
  log: Log;
}

/** A readable file of a run. */
interface ReadItem {
  item: vscode.TestItem;
  scenario: Scenario;
}

/** The outcome for the files of a run. */
type RunWork = (
  run: vscode.TestRun,
  read: readonly ReadItem[],
  session: ClusterSession,
  signal: AbortSignal,
) => Promise<void>;

/** Scenarios with expectations in the editor's Testing view: one after another, never two at once. */
export class ResilienceTests implements vscode.Disposable {
  readonly #parts: ResilienceTestsParts;
  readonly #controller: vscode.TestController;
  readonly #items: TestItems;
  /** The last results, by the item's id. */
  readonly #moments = new Map<string, TestMoment>();
  /** The last run; the next one waits for it. */
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: ResilienceTestsParts) {
    this.#parts = parts;
    this.#controller = vscode.tests.createTestController('distdiag.resilience', vscode.l10n.t('Resilience tests'));
    this.#items = new TestItems(this.#controller, parts.language, parts.log);
    // The files are looked for when somebody opens the view.
    this.#controller.resolveHandler = async (item) => {
      if (!item) await this.#items.find();
    };
    this.#controller.refreshHandler = () => this.#items.find();
    const profile = (label: string, isDefault: boolean, work: RunWork, continuous: boolean): void => {
      this.#controller.createRunProfile(
        label,
        vscode.TestRunProfileKind.Run,
        (request, token) => this.#run(request, token, work, label),
        isDefault,
        undefined,
        continuous,
      );
    };
    // Continuous runs are offered so that users learn why there are none.
    profile(vscode.l10n.t('Run'), true, (...run) => this.#runAll(...run), true);
    profile(vscode.l10n.t('Dry Run'), false, (...run) => this.#dryRunAll(...run), false);
  }

  /** What the panel shows for a test or an expectation; undefined if it has not run yet. */
  momentOf(id: string): TestMoment | undefined {
    return this.#moments.get(id);
  }

  dispose(): void {
    this.#items.dispose();
    this.#controller.dispose();
  }

  #run(request: vscode.TestRunRequest, token: vscode.CancellationToken, work: RunWork, label: string): Promise<void> {
    if (request.continuous === true) {
      // Otherwise the editor would keep showing the tests as watched.
      void vscode.commands.executeCommand('testing.stopContinuousRun');
      void showInformationMessage(
        vscode.l10n.t(
          'Resilience tests do not run continuously: each run injects faults into a cluster, so a person starts it. Continuous run is off again.',
        ),
      );
      return Promise.resolve();
    }
    const chosen = this.#chosen(request);
    const what = chosen.length === 1 ? chosen[0]?.label : vscode.l10n.t('{0} tests', chosen.length);
    const run = this.#controller.createTestRun(request, `${label}: ${what}`);
    const cancel = new AbortController();
    const listening = token.onCancellationRequested(() => cancel.abort());
    for (const item of chosen) run.enqueued(item);
    const before = this.#turn;
    this.#turn = (async () => {
      await before;
      try {
        const read = await this.#read(run, chosen, cancel.signal);
        if (read.length > 0) await work(run, read, await this.#parts.sessions.current(), cancel.signal);
      } catch (thrown) {
        for (const item of chosen) this.#failed(run, item, thrown);
      } finally {
        listening.dispose();
        run.end();
      }
    })();
    return this.#turn;
  }

  async #runAll(...[run, read, session, signal]: Parameters<RunWork>): Promise<void> {
    const { createdBy, testRuns, log } = this.#parts;
    const planned = await this.#each(run, read, signal, async ({ item, scenario }) => ({
      item,
      scenario,
      plan: (await planOf(scenario, session, createdBy)).plan,
    }));
    const agreement = await agreeOnRun(
      planned.map(({ plan }) => plan),
      session,
      signal,
    );
    if (!agreement) {
      outputOf(run)(vscode.l10n.t('Not confirmed. Nothing was injected.'));
      for (const { item } of planned) run.skipped(item);
      return;
    }
    await this.#each(run, planned, signal, async ({ item, scenario, plan }) => {
      const test = { run, item, scenario, session, createdBy, testRuns, log, signal };
      const result = await runTest(test, { shown: plan, agreement });
      const shown = session.tests.tests.findLast(({ name }) => name === scenario.name);
      if (!shown) return;
      for (const [name, moment] of momentsOf(result, shown))
        this.#moments.set(name === '' ? item.id : `${item.id}#${name}`, moment);
    });
  }

  async #dryRunAll(...[run, read, session, signal]: Parameters<RunWork>): Promise<void> {
    await this.#each(run, read, signal, (one) => dryRunTest({ ...this.#parts, ...one, run, session, signal }));
  }

  /** Processes one file after another; those that fail are left out. */
  async #each<T extends { item: vscode.TestItem }, R>(
    run: vscode.TestRun,
    all: readonly T[],
    signal: AbortSignal,
    work: (one: T) => Promise<R>,
  ): Promise<R[]> {
    const done: R[] = [];
    for (const one of all) {
      if (signal.aborted) {
        run.skipped(one.item);
        continue;
      }
      try {
        done.push(await work(one));
      } catch (thrown) {
        this.#failed(run, one.item, thrown);
      }
    }
    return done;
  }

  /** The files that are currently tests. */
  async #read(run: vscode.TestRun, chosen: readonly vscode.TestItem[], signal: AbortSignal): Promise<ReadItem[]> {
    const read = await this.#each(
      run,
      chosen.map((item) => ({ item })),
      signal,
      async ({ item }) => {
        const text = item.uri && (await this.#items.update(item.uri));
        if (text?.scenario) return [{ item, scenario: text.scenario }];
        const reason = localized(text?.issues[0]?.message ?? 'The file cannot be read.');
        run.errored(item, messageOf(item, reason));
        return [];
      },
    );
    return read.flat();
  }

  #failed(run: vscode.TestRun, item: vscode.TestItem, thrown: unknown): void {
    const { code, message, text, hint } = toAppError(thrown);
    if (code === 'cancelled') return run.skipped(item);
    this.#parts.log.warn(`resilience test ${item.label}: ${message}`);
    run.errored(item, messageOf(item, sentences(text, hint)));
  }

  /** The requested files: an expectation stands for its whole scenario, because it cannot run alone. */
  #chosen({ include, exclude }: vscode.TestRunRequest): vscode.TestItem[] {
    const all: vscode.TestItem[] = [];
    this.#controller.items.forEach((item) => all.push(item));
    const fileOf = (item: vscode.TestItem): vscode.TestItem => item.parent ?? item;
    const wanted = include ? include.map(fileOf) : all;
    return [...new Set(wanted)]
      .filter((item) => !exclude?.includes(item))
      .sort((a, b) => a.label.localeCompare(b.label)); // as the view shows them
  }
}
