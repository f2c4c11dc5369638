import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../core/errors';
import type { Disposable, Log } from '../core/ports';

/** Where the demo cluster can be reached. */
export interface DemoFacts {
  kubeconfig: string;
  prometheusUrl: string;
  namespace: string;
}

const START_MS = 20_000;

/** The demo cluster in a process of its own; it ends with this one. */
export class DemoProcess implements Disposable {
  readonly #root: string;
  readonly #log: Log;
  #child: ChildProcess | undefined;
  #facts: DemoFacts | undefined;

  constructor(root: string, log: Log) {
    this.#root = root;
    this.#log = log;
  }

  /** Where it can be reached; undefined while it does not run. */
  get facts(): DemoFacts | undefined {
    return this.#facts;
  }

  /** Starts the cluster; resolves when it answers. */
  start(onExit: () => void): Promise<DemoFacts> {
    this.dispose();
    return new Promise((resolve, reject) => {
      const child = fork(path.join(this.#root, 'dist', 'demo.js'), ['--serve'], {
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
        execArgv: [],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      this.#child = child;
      const fail = (why: string): void =>
        reject(
          new AppError('internal', vscode.l10n.t('The demo cluster did not start: {0}.', why), {
            hint: vscode.l10n.t('See the log.'),
          }),
        );
      const timer = setTimeout(() => {
        child.kill();
        fail(vscode.l10n.t('it did not answer in time'));
      }, START_MS);
      child.stderr?.on('data', (text: Buffer) => this.#log.warn(`demo cluster: ${text.toString().trim()}`));
      child.once('message', (message) => {
        clearTimeout(timer);
        if (this.#child !== child) return;
        this.#facts = message as DemoFacts;
        resolve(this.#facts);
      });
      child.once('error', (error) => fail(error.message));
      child.once('exit', (code) => {
        clearTimeout(timer);
        if (this.#child !== child) return reject(new AppError('cancelled', 'Cancelled.'));
        this.#child = this.#facts = undefined;
        fail(vscode.l10n.t('it ended with code {0}', code ?? '?'));
        onExit();
      });
    });
  }

  dispose(): void {
    const child = this.#child;
    this.#child = this.#facts = undefined;
    child?.kill('SIGTERM');
  }
}
