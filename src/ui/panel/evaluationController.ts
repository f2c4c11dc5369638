import type { Diagnosis } from '../../core/diagnosis/types';
import { answerState } from '../../core/monitoring/diagnosisState';
import { isAbort, toAppError } from '../../core/base/errors';
import type { ExperimentSpan } from '../../core/experiments/spans';
import type { Disposable } from '../../core/base/disposable';
import type { Log } from '../../core/base/log';
import type { Evaluator } from '../../core/evaluation/evaluator';
import type { PastDiagnosis } from '../../core/evaluation/pastDiagnosis';
import type { PanelDrawing, TruthHostMessage, TruthViewMessage } from '../../shared/truthMessages';
import { toDiagnosis, toPanelState, wordsOf } from './snapshot';
import { toBoard } from './truthBoard';

/** What of a cluster's session it needs. */
export interface TruthSession {
  past: PastDiagnosis;
  truth: Evaluator;
}

/** What it needs of the panel. */
export interface TruthSideDeps {
  log: Log;
  post: (message: TruthHostMessage) => void;
  run: (command: string, ...args: unknown[]) => void;
  /** When experiments acted. */
  spans: () => readonly ExperimentSpan[];
}

/** A page that does not draw within this long is busy or gone. */
const DRAW_MS = 8000;

/** The panel's part that compares the truth with the diagnosis and looks into the past. Of several moments only the newest is answered. */
export class EvaluationController {
  readonly #deps: TruthSideDeps;
  readonly #drawing = new Map<number, (pictures: readonly Uint8Array[]) => void>();
  #session: TruthSession | undefined;
  #watching: Disposable | undefined;
  #asking: AbortController | undefined;
  #sent = '';
  #next = 0;

  constructor(deps: TruthSideDeps) {
    this.#deps = deps;
  }

  /** Follows a session's score, as long as the page is shown. */
  follow(session: TruthSession): void {
    this.stop();
    this.#session = session;
    const send = (): void => {
      const board = toBoard(session.truth.board);
      const text = JSON.stringify(board);
      if (text === this.#sent) return;
      this.#sent = text;
      this.#deps.post({ type: 'truth', board });
    };
    this.#watching = session.truth.subscribe(send);
    send();
  }

  /** Lets go of the session; what is under way is dropped. */
  stop(): void {
    this.#asking?.abort();
    this.#watching?.dispose();
    this.#watching = this.#session = this.#asking = undefined;
    this.#sent = '';
    for (const answer of this.#drawing.values()) answer([]);
    this.#drawing.clear();
  }

  handle(message: TruthViewMessage): void {
    switch (message.type) {
      case 'diagnoseAt':
        return void this.#diagnose(message.atMs);
      case 'diagnoseLive':
        return this.#asking?.abort();
      case 'saveReport':
        return this.#deps.run('distdiag.saveExperimentReport', message.key);
      case 'drawn':
        this.#drawing.get(message.id)?.(message.pictures);
        return;
    }
  }

  /** The drawings as PNG, made by the page; undefined when there is no page to do it. */
  async draw(drawings: readonly PanelDrawing[]): Promise<readonly Uint8Array[] | undefined> {
    if (!this.#session || drawings.length === 0) return undefined;
    const id = (this.#next += 1);
    const pictures = await new Promise<readonly Uint8Array[]>((resolve) => {
      const timer = setTimeout(() => resolve([]), DRAW_MS);
      this.#drawing.set(id, (made) => {
        clearTimeout(timer);
        resolve(made);
      });
      this.#deps.post({ type: 'draw', id, drawings });
    });
    this.#drawing.delete(id);
    return pictures.length === drawings.length ? pictures : undefined;
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

/** A diagnosis that says nothing of the pods whose places are not known either. */
const withUnknown = (diagnosis: Diagnosis, pods: readonly string[]): Diagnosis => ({
  ...diagnosis,
  unjudged: [
    ...diagnosis.unjudged.filter(({ node }) => !pods.includes(node)),
    ...pods.map((node) => ({ node, why: 'noSamples' as const, readyInMs: 0 })),
  ],
});
