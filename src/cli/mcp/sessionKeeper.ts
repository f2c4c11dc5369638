import type { Disposable } from '../../core/base/disposable';
import type { ScriptedSessions } from '../../ui/session/session';
import type { CliSession } from '../session';

/** Connects to the cluster. Rejects with AppError. */
export type OpenSession = () => Promise<CliSession>;

/** The one session of a server: opened at the first call, and tried again at the next one where that fails. */
export class SessionKeeper implements ScriptedSessions, Disposable {
  readonly #open: OpenSession;
  #session: Promise<CliSession> | undefined;

  constructor(open: OpenSession) {
    this.#open = open;
  }

  current(): Promise<CliSession> {
    this.#session ??= this.#open().catch((thrown: unknown) => {
      this.#session = undefined;
      throw thrown;
    });
    return this.#session;
  }

  dispose(): void {
    void this.#session?.then(
      (session) => session.dispose(),
      () => undefined,
    );
  }
}
