import * as vscode from 'vscode';
import { AppError } from '../../../core/base/errors';
import type { ScriptedSession } from '../../session/session';

/** What was read before an agreement, and where. */
interface Agreement<T> {
  session: ScriptedSession;
  read: T;
}

/** More than one window asks at a time. */
const MOST = 50;

/**
 * What the user has read of each call of a tool, from the question to the call itself: in between another cluster may be
 * chosen, and what is there may change.
 */
export class Agreements<T> {
  readonly #read = new Map<string, Agreement<T>>();

  /** Before the user is asked. */
  keep(input: object, session: ScriptedSession, read: T): void {
    const key = JSON.stringify(input);
    this.#read.delete(key);
    this.#read.set(key, { session, read });
    for (const [oldest] of this.#read) if (this.#read.size > MOST) this.#read.delete(oldest);
  }

  /**
   * What was read of this call, once: for the next one the user is asked again. Throws `conflict` where nothing was, or
   * where it was another cluster's.
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
