import * as vscode from 'vscode';
import { AppError } from '../../../core/base/errors';
import type { ScriptedSession } from '../../session/session';

/** What the user has read, and for which session. */
interface Agreement<T> {
  session: ScriptedSession;
  read: T;
}

/** The most confirmations that are pending at a time. */
const MOST = 50;

/**
 * Remembers what the user has read about each tool call, from the question to the call: meanwhile the cluster may change,
 * or another one may be chosen.
 */
export class Agreements<T> {
  readonly #read = new Map<string, Agreement<T>>();

  /** Called before the user is asked. */
  keep(input: object, session: ScriptedSession, read: T): void {
    const key = JSON.stringify(input);
    this.#read.delete(key);
    this.#read.set(key, { session, read });
    for (const [oldest] of this.#read) if (this.#read.size > MOST) this.#read.delete(oldest);
  }

  /**
   * What the user has read about this call. It counts once: the next call is asked again. Throws `conflict` if there is
   * nothing, or if it was about another cluster.
   */
  of(input: object, session: ScriptedSession): T {
    const key = JSON.stringify(input);
    const agreed = this.#read.get(key);
    this.#read.delete(key);
    if (agreed?.session === session) return agreed.read;
    const message = vscode.l10n.t('The cluster or the settings changed after this was confirmed.');
    throw new AppError('conflict', message, {
      hint: vscode.l10n.t('Nothing was changed in the cluster. Try again.'),
    });
  }
}
