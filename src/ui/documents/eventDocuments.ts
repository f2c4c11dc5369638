import * as vscode from 'vscode';
import { toAppError } from '../../core/base/errors';
import type { Experiment, ExperimentEvent } from '../../core/experiments/experiment';
import { toExperiment } from '../../core/experiments/parse';
import { findExperiment } from '../../core/experiments/find';
import type { Disposable } from '../../core/base/disposable';
import type { ExperimentSnapshot } from '../../core/experiments/gateway';
import { sentences } from '../text/errors';
import { eventText } from './eventText';
import { liveUri, readLiveUri } from './liveUri';
import type { ClusterSession, SessionManager } from '../session/session';

/** URI scheme of the event documents. */
export const EVENTS_SCHEME = 'distdiag-events';
const EXTENSION = '.events.log';
/** Core events are written a moment after the state that they describe. */
const LATE_MS = 2000;

/** The events of experiments as read-only documents that follow the cluster while they are open. */
export class EventDocuments implements vscode.TextDocumentContentProvider, Disposable {
  readonly #sessions: SessionManager;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  /** The experiments as last seen: one that is gone still has its events. */
  readonly #seen = new Map<string, Experiment>();
  readonly #versions = new Map<string, string>();
  readonly #disposables: vscode.Disposable[];
  #following: Disposable | undefined;
  #late: Disposable | undefined;

  constructor(sessions: SessionManager) {
    this.#sessions = sessions;
    this.#disposables = [
      this.#changed,
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === EVENTS_SCHEME) this.#forget(uri.toString());
      }),
      sessions.onDidChange(() => {
        this.#rest();
        this.#versions.clear();
        for (const id of this.#seen.keys()) this.#changed.fire(vscode.Uri.parse(id));
      }),
    ];
  }

  /** Opens the document of an experiment's events. */
  async show(experiment: Experiment): Promise<void> {
    const uri = liveUri(EVENTS_SCHEME, experiment.ref, await this.#sessions.current(), EXTENSION);
    this.#seen.set(uri.toString(), experiment);
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const session = await this.#sessions.current();
    this.#follow(session); // before any await, so that a session that is closed meanwhile is released
    const { ref, elsewhere } = readLiveUri(uri, session, EXTENSION);
    if (elsewhere !== undefined) return `${elsewhere}\n`;
    const object = await session.experiments.get(ref);
    const id = uri.toString();
    const live = object ? toExperiment(object) : undefined;
    const experiment = live ?? this.#seen.get(id);
    if (!experiment)
      return `${vscode.l10n.t('{0} was deleted together with its events.', `${ref.kind} ${ref.namespace}/${ref.name}`)}\n`;
    this.#seen.set(id, experiment);
    let events: ExperimentEvent[] = [];
    let problem: string | undefined;
    try {
      events = await session.experiments.events(experiment.ref);
    } catch (thrown) {
      const { text, hint } = toAppError(thrown);
      problem = sentences(text, hint);
    }
    const { context, clock } = session;
    return eventText({ experiment, events, gone: !live, problem, context, nowMs: clock.now() });
  }

  dispose(): void {
    this.#rest();
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  /** Keeps the watch running while a document is open, even if no view is visible. */
  #follow(session: ClusterSession): void {
    this.#following ??= session.store.subscribe((snapshot) => this.#heard(session, snapshot));
  }

  #heard(session: ClusterSession, snapshot: ExperimentSnapshot): void {
    let changed = false;
    for (const gone of snapshot.removed ?? [])
      for (const [id, { key }] of this.#seen) if (key === gone.key) this.#seen.set(id, gone);
    for (const [id, { ref }] of this.#seen) {
      const version = findExperiment(snapshot, ref)?.object.metadata.resourceVersion ?? snapshot.health.state;
      if (this.#versions.get(id) !== undefined && this.#versions.get(id) !== version) {
        changed = true;
        this.#changed.fire(vscode.Uri.parse(id));
      }
      this.#versions.set(id, version);
    }
    if (!changed) return;
    this.#late?.dispose();
    this.#late = session.clock.after(LATE_MS, () => {
      for (const id of this.#seen.keys()) this.#changed.fire(vscode.Uri.parse(id));
    });
  }

  #forget(id: string): void {
    this.#seen.delete(id);
    this.#versions.delete(id);
    if (this.#seen.size === 0) this.#rest();
  }

  #rest(): void {
    this.#following?.dispose();
    this.#late?.dispose();
    this.#following = this.#late = undefined;
  }
}
