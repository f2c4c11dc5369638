import * as vscode from 'vscode';
import { AppError, toAppError } from '../../core/base/errors';
import type { Disposable } from '../../core/base/disposable';
import { setContext } from '../contextKeys';

/** A running REST API. */
export interface RestApiHandle extends Disposable {
  readonly url: string;
  readonly token: string;
}

/** The window's REST API: off until it is started, and stopped with the window. */
export class RestApi implements Disposable {
  readonly #start: (port: number) => Promise<RestApiHandle>;
  #running: Promise<RestApiHandle> | undefined;

  /** `start` creates a server. */
  constructor(start: (port: number) => Promise<RestApiHandle>) {
    this.#start = start;
  }

  /** The running server, if any. */
  async current(): Promise<RestApiHandle | undefined> {
    return this.#running;
  }

  /** Starts the server, or returns the running one. Rejects with AppError. */
  start(): Promise<RestApiHandle> {
    this.#running ??= this.#open();
    return this.#running;
  }

  dispose(): void {
    const running = this.#running;
    this.#running = undefined;
    void setContext('restApi', false);
    running?.then(
      (server) => server.dispose(),
      () => undefined,
    );
  }

  async #open(): Promise<RestApiHandle> {
    try {
      const port = vscode.workspace.getConfiguration('distdiag').get<number>('restApi.port') ?? 0;
      const server = await this.#start(port);
      void setContext('restApi', true);
      return server;
    } catch (thrown) {
      this.#running = undefined;
      const { code, message, cause } = toAppError(thrown);
      if (code !== 'conflict') throw thrown;
      throw new AppError(code, vscode.l10n.t('The REST API cannot be started. {0}', message), {
        hint: vscode.l10n.t('Set distdiag.restApi.port to another port, or to 0 for any free port.'),
        cause,
      });
    }
  }
}
