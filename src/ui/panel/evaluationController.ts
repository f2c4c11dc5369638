import type { Diagnosis } from '../../core/diagnosis/types';
import { answerState } from '../../core/monitoring/diagnosisState';
import { isAbort, toAppError } from '../../core/base/errors';
import type { ExperimentSpan } from '../../core/experiments/spans';
import type { Disposable } from '../../core/base/disposable';
import type { Log } from '../../core/base/log';
import type { Evaluator } from '../../core/evaluation/evaluator';
import type { PastDiagnosis } from '../../core/evaluation/pastDiagnosis';
import type { EvaluationHostMessage, EvaluationViewMessage } from '../../shared/truthMessages';
import { toDiagnosis, toPanelState, wordsOf } from './snapshot';
import { toBoard } from './boardMessage';

/** The part of a session that the controller needs. */
export interface EvaluatedSession {
  past: PastDiagnosis;
  evaluator: Evaluator;
}

/** What the controller needs from the panel. */
export interface EvaluationDeps {
  log: Log;
  post: (message: EvaluationHostMessage) => void;
  run: (command: string, ...args: unknown[]) => void;
  /** When experiments were running. */
  spans: () => readonly ExperimentSpan[];
}

/** The panel's part that compares the diagnosis with what was injected and diagnoses past moments. Of several moments only the newest is answered. */
export class EvaluationController {
  readonly #deps: EvaluationDeps;
  #session: EvaluatedSession | undefined;
  #watching: Disposable | undefined;
  #asking: AbortController | undefined;
  #sent = '';

  constructor(deps: EvaluationDeps) {
    this.#deps = deps;
  }

  /** Follows a session's scoreboard while the page is visible. */
  follow(session: EvaluatedSession): void {
    this.stop();
    this.#session = session;
    const send = (): void => {
      const board = toBoard(session.evaluator.board);
      const text = JSON.stringify(board);
      if (text === this.#sent) return;
      this.#sent = text;
      this.#deps.post({ type: 'truth', board });
    };
    this.#watching = session.evaluator.subscribe(send);
    send();
  }

  /** Releases the session; pending answers are dropped. */
  stop(): void {
    this.#asking?.abort();
    this.#watching?.dispose();
    this.#watching = this.#session = this.#asking = undefined;
    this.#sent = '';
  }

  handle(message: EvaluationViewMessage): void {
    switch (message.type) {
      case 'diagnoseAt':
        return void this.#diagnose(message.atMs);
      case 'diagnoseLive':
        return this.#asking?.abort();
      case 'saveReport':
        return this.#deps.run('distdiag.saveExperimentReport', message.key);
    }
  }

  async #diagnose(atMs: number): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const { post, log } = this.#deps;
    const session = this.#session;
    if (!session) return;
    post({ type: 'past', atMs, state: 'loading' });
    try {
      const { diagnosis, unknown, problems } = await session.past.at(atMs, asking.signal);
      if (!asking.signal.aborted)
        post({
          type: 'past',
          atMs,
          state: 'done',
          diagnosis: toDiagnosis(diagnosis),
          known: toPanelState(
            answerState(withUnknown(diagnosis, unknown), {
              problems,
              spans: this.#deps.spans(),
              nowMs: diagnosis.at,
            }),
          ),
          unknown,
        });
    } catch (error) {
      if (asking.signal.aborted || isAbort(error)) return;
      const known = toAppError(error);
      log.debug(`the diagnosis of ${new Date(atMs).toISOString()} failed: ${known.message}`);
      post({ type: 'past', atMs, state: 'failed', ...wordsOf(known) });
    }
  }
}

/** The diagnosis with these pods as not judged: what ran in their place at that time is unknown. */
const withUnknown = (diagnosis: Diagnosis, pods: readonly string[]): Diagnosis => ({
  ...diagnosis,
  unjudged: [
    ...diagnosis.unjudged.filter(({ node }) => !pods.includes(node)),
    ...pods.map((node) => ({ node, why: 'noSamples' as const, readyInMs: 0 })),
  ],
});
