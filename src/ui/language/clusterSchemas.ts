import * as vscode from 'vscode';
import type { KindSchemas } from '../../core/chaosYaml/findings';
import type { ClusterSession, SessionManager } from '../session/session';

/** The schemas of the connected cluster: its Chaos Mesh may have other fields than the shipped schemas. */
export class ClusterSchemas implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when the schemas become known or unknown. */
  readonly onDidChange = this.#changed.event;
  readonly #held: vscode.Disposable[];
  #session: ClusterSession | undefined;
  #asked: ClusterSession | undefined;
  #schemas: KindSchemas | undefined;

  constructor(sessions: Pick<SessionManager, 'onDidOpen' | 'onDidChange'>) {
    this.#held = [
      this.#changed,
      sessions.onDidOpen((session) => this.#use(session)),
      sessions.onDidChange(() => this.#use(undefined)),
    ];
  }

  /** Undefined until the cluster has sent them; requested on first use. */
  get current(): KindSchemas | undefined {
    const session = this.#session;
    if (session && this.#asked !== session) {
      this.#asked = session;
      void session.kindSchemas().then((schemas) => {
        if (this.#session === session) this.#set(schemas);
      });
    }
    return this.#schemas;
  }

  dispose(): void {
    vscode.Disposable.from(...this.#held).dispose();
  }

  #use(session: ClusterSession | undefined): void {
    this.#session = session;
    this.#asked = undefined;
    // Open documents are checked again, which requests the schemas.
    this.#schemas = undefined;
    this.#changed.fire();
  }

  #set(schemas: KindSchemas | undefined): void {
    if (schemas === this.#schemas) return;
    this.#schemas = schemas;
    this.#changed.fire();
  }
}
