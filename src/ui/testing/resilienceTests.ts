import * as vscode from 'vscode';
import { toAppError } from '../../core/base/errors';
import type { Log } from '../../core/base/log';
import type { ScenarioLanguage } from '../../core/scenario/text';
import type { TestRunService } from '../history/testRunService';
import type { SessionManager } from '../session/session';
import { localized } from '../text/coreText';
import { sentences } from '../text/errors';
import { messageOf } from './results';
import { dryRunTest, runTest, type TestOfRun } from './runTest';
import { TestItems } from './testItems';

/** What the Testing view needs of the rest. */
export interface ResilienceTestsParts {
  sessions: Pick<SessionManager, 'current'>;
  language: () => Promise<ScenarioLanguage>;
  createdBy: string;
  /** Keeps what each run came to. */
  testRuns: Pick<TestRunService, 'add'>;
  log: Log;
}

/** Scenarios with expectations in the editor's Testing view: one after another, never two at once. */
export class ResilienceTests implements vscode.Disposable {
  readonly #parts: ResilienceTestsParts;
  readonly #controller: vscode.TestController;
  readonly #items: TestItems;
  /** The last run, behind which the next one waits. */
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
    const profile = (label: string, isDefault: boolean, work: (test: TestOfRun) => Promise<void>): void => {
      this.#controller.createRunProfile(
        label,
        vscode.TestRunProfileKind.Run,
        (request, token) => this.#run(request, token, work),
        isDefault,
      );
    };
    profile(vscode.l10n.t('Run'), true, runTest);
    profile(vscode.l10n.t('Dry Run'), false, dryRunTest);
  }

  dispose(): void {
    this.#items.dispose();
    this.#controller.dispose();
  }

  #run(
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
    work: (test: TestOfRun) => Promise<void>,
  ): Promise<void> {
    const chosen = this.#chosen(request);
    const run = this.#controller.createTestRun(request);
    const cancel = new AbortController();
    const listening = token.onCancellationRequested(() => cancel.abort());
    for (const item of chosen) run.enqueued(item);
    const before = this.#turn;
    this.#turn = (async () => {
      await before;
      try {
        for (const item of chosen) await this.#one(run, item, cancel.signal, work);
      } finally {
        listening.dispose();
        run.end();
      }
    })();
    return this.#turn;
  }

  async #one(
    run: vscode.TestRun,
    item: vscode.TestItem,
    signal: AbortSignal,
    work: (test: TestOfRun) => Promise<void>,
  ): Promise<void> {
    if (signal.aborted || !item.uri) return run.skipped(item);
    try {
      const read = await this.#items.update(item.uri);
      if (!read?.scenario) {
        const reason = localized(read?.issues[0]?.message ?? 'The file cannot be read.');
        return run.errored(item, messageOf(item, reason));
      }
      const session = await this.#parts.sessions.current();
      await work({ ...this.#parts, run, item, scenario: read.scenario, session, signal });
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === 'cancelled') return run.skipped(item);
      this.#parts.log.warn(`resilience test ${item.label}: ${error.message}`);
      run.errored(item, messageOf(item, sentences(error.message, error.hint)));
    }
  }

  /** The files that are asked for: an expectation stands for the whole of its scenario, which it cannot be run without. */
  #chosen({ include, exclude }: vscode.TestRunRequest): vscode.TestItem[] {
    const all: vscode.TestItem[] = [];
    this.#controller.items.forEach((item) => all.push(item));
    const fileOf = (item: vscode.TestItem): vscode.TestItem => item.parent ?? item;
    const wanted = include ? include.map(fileOf) : all;
    return [...new Set(wanted)].filter((item) => !exclude?.includes(item));
  }
}
