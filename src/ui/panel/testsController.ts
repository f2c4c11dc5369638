import { isAbort, toAppError } from '../../core/base/errors';
import type { Disposable } from '../../core/base/disposable';
import type { Log } from '../../core/base/log';
import type { PastDiagnosis } from '../../core/evaluation/pastDiagnosis';
import type { Monitor } from '../../core/monitoring/monitor';
import { compareRuns, type RunComparison } from '../../core/resilience/runs/compareRuns';
import type { TestRun } from '../../core/resilience/runs/testRun';
import type { PanelComparison, PanelGhosts, TestHostMessage, TestViewMessage } from '../../shared/testMessages';
import { coverageOn } from '../history/clusterCoverage';
import type { HistoryService } from '../history/historyService';
import type { TestRunService } from '../history/testRunService';
import { wordsOf } from './snapshot';
import { toPanelComparison, toPanelCoverage } from './coverageMessages';

/** The part of a session that the controller needs. */
export interface TestsSession {
  context: string;
  server: string;
  monitor: Pick<Monitor, 'state' | 'subscribe'>;
  past: Pick<PastDiagnosis, 'frame'>;
}

/** What else the controller needs. */
export interface TestsSideDeps {
  log: Log;
  post: (message: TestHostMessage) => void;
  run: (command: string, ...args: unknown[]) => void;
  history: Pick<HistoryService, 'entries' | 'load' | 'onDidChange'>;
  testRuns: Pick<TestRunService, 'of' | 'onDidChange'>;
}

/** The part of the panel that shows the test coverage and compares two runs. */
export class TestsController {
  readonly #deps: TestsSideDeps;
  #session: TestsSession | undefined;
  #watching: Disposable[] = [];
  #asking: AbortController | undefined;
  /** The runs to compare; kept while the page is hidden. */
  #shown: { comparison: RunComparison; message: PanelComparison } | undefined;
  #sent = '';

  constructor(deps: TestsSideDeps) {
    this.#deps = deps;
  }

  /** Follows a session's history while the page is visible. */
  follow(session: TestsSession): void {
    this.stop();
    this.#session = session;
    const { history, testRuns } = this.#deps;
    let pods = '';
    const update = (): void => void this.#sendCoverage(session);
    this.#watching = [
      history.onDidChange(update),
      testRuns.onDidChange(update),
      session.monitor.subscribe(({ targets }) => {
        const now = targets.map(({ pod, zone }) => `${pod} ${zone}`).join();
        if (now === pods) return;
        pods = now;
        update();
      }),
    ];
    update();
    if (!this.#shown) return;
    const { comparison, message } = this.#shown;
    this.#deps.post({ type: 'comparison', comparison: message });
    if (!message.ghosts) void this.#loadGhosts(comparison, message);
  }

  /** Releases the session; pending answers are dropped. */
  stop(): void {
    this.#asking?.abort();
    for (const one of this.#watching) one.dispose();
    this.#watching = [];
    this.#session = this.#asking = undefined;
    this.#sent = '';
  }

  /** Compares two runs, now or as soon as the page is ready. */
  compare(before: TestRun, now: TestRun): void {
    const comparison = compareRuns(before, now);
    const message = toPanelComparison(comparison, Math.random());
    this.#shown = { comparison, message };
    if (!this.#session) return;
    this.#deps.post({ type: 'comparison', comparison: message });
    void this.#loadGhosts(comparison, message);
  }

  /** Runs of one cluster do not belong into another one's charts. */
  forget(): void {
    if (!this.#shown) return;
    this.#shown = undefined;
    this.#asking?.abort();
    this.#deps.post({ type: 'comparison', comparison: undefined });
  }

  handle(message: TestViewMessage): void {
    switch (message.type) {
      case 'testUntried':
        return this.#deps.run('distdiag.testUntried', ...(message.cell ? [message.cell] : []));
      case 'compareRuns':
        return this.#deps.run('distdiag.compareTestRuns');
      case 'importResults':
        return this.#deps.run('distdiag.importTestResults');
      case 'endComparison':
        return this.forget();
    }
  }

  async #sendCoverage(session: TestsSession): Promise<void> {
    const { history, testRuns, post, log } = this.#deps;
    try {
      const coverage = await coverageOn({ history, testRuns }, session, session.monitor.state.targets);
      if (session !== this.#session) return;
      const told = toPanelCoverage(coverage);
      const text = JSON.stringify(told);
      if (text === this.#sent) return;
      this.#sent = text;
      post({ type: 'coverage', coverage: told });
    } catch (thrown) {
      log.warn(`the coverage cannot be told: ${toAppError(thrown).message}`);
    }
  }

  /** The earlier run's series, shifted to the time of the later one. */
  async #loadGhosts({ before, span, shiftMs }: RunComparison, { id }: PanelComparison): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const session = this.#session;
    if (!session) return;
    const [fromMs, toMs] = [span.fromMs - shiftMs, span.toMs - shiftMs];
    let found: Pick<PanelComparison, 'ghosts' | 'problem'>;
    try {
      const { timestamps, series } = await session.past.frame(fromMs, toMs, asking.signal);
      const first = timestamps.findIndex((at) => at >= fromMs);
      const ghosts: PanelGhosts = {
        timestamps: timestamps.slice(first).map((at) => at + shiftMs),
        series: series
          .map(({ metric, node, values }) => ({ metric, node, values: values.slice(first) }))
          .filter(({ values }) => values.some((value) => Number.isFinite(value))),
      };
      found = { ghosts, problem: undefined };
    } catch (thrown) {
      if (asking.signal.aborted || isAbort(thrown)) return;
      const error = toAppError(thrown);
      this.#deps.log.debug(`the metrics of the run ${before.id} cannot be had: ${error.message}`);
      found = { ghosts: undefined, problem: wordsOf(error).message };
    }
    if (asking.signal.aborted || this.#shown?.message.id !== id) return;
    this.#shown.message = { ...this.#shown.message, ...found };
    this.#deps.post({ type: 'comparison', comparison: this.#shown.message });
  }
}
