import * as vscode from 'vscode';
import { isReadOnly, type AccessReport } from '../../core/cluster/access';
import type { Disposable } from '../../core/base/disposable';
import type { ClusterSession } from '../session/session';
import { setContext } from '../contextKeys';

/** A view's description of its connection: the context, the database's namespace, and whether it is read-only. */
export class ConnectionWords implements Disposable {
  readonly #session: ClusterSession;
  readonly #subscription: Disposable;
  #readOnly = false;

  /** Checks the user's permissions, and calls back when the description has changed. */
  constructor(session: ClusterSession, onChange: () => void) {
    this.#session = session;
    this.#subscription = session.access.observe((report) => {
      tellEditor(report);
      const readOnly = isReadOnly(report);
      if (readOnly === this.#readOnly) return;
      this.#readOnly = readOnly;
      onChange();
    });
    void session.access.report().then(tellEditor);
  }

  get text(): string {
    const { context, config } = this.#session;
    const readOnly = this.#readOnly ? vscode.l10n.t('read-only') : undefined;
    // Most important first: a narrow view cuts off the end.
    return [readOnly, context, config.query.namespace].filter(Boolean).join(' · ');
  }

  dispose(): void {
    this.#subscription.dispose();
    tellEditor(undefined);
  }
}

/** For menus and welcome views. */
function tellEditor(report: AccessReport | undefined): void {
  void setContext('missingPermissions', report !== undefined && report.missing.length > 0);
  void setContext('readOnly', report !== undefined && isReadOnly(report));
}
