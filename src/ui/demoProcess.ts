import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import {
  DemoStartError,
  type DemoEnd,
  type DemoFacts,
  type DemoKeeper,
  type DemoNews,
} from '../core/cluster/demoCluster';
import { AppError } from '../core/base/errors';
import type { Disposable } from '../core/base/disposable';
import type { Log } from '../core/base/log';
import { showErrorMessage, showWarningMessage } from './text/notify';

/** How a demo cluster is run. */
interface DemoProgram {
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  directory: string;
  logFile: string;
  news: DemoNews;
  restarts: number;
  startMs: number;
  endMs: number;
}

/** What the demo cluster of a window needs. */
export interface DemoParts {
  /** The extension's folder. */
  root: string;
  /** The folder for the process's logs, one per start. */
  logFolder: string;
  log: Log;
  /** Creates what keeps the process running. */
  keep: (program: DemoProgram) => DemoKeeper;
}

const START_MS = 60_000;
const END_MS = 5000;
const RESTARTS = 3;

/** The demo cluster in its own process: restarted if it ends by itself, and stopped with this one. */
export class DemoProcess implements Disposable {
  readonly #parts: DemoParts;
  #keeper: DemoKeeper | undefined;
  #facts: DemoFacts | undefined;
  #started = 0;

  constructor(parts: DemoParts) {
    this.#parts = parts;
  }

  /** Its addresses; undefined while it is not running. */
  get facts(): DemoFacts | undefined {
    return this.#facts;
  }

  /** Starts the cluster; resolves when it answers. `onEnd`: it has ended and is not restarted. */
  async start(onEnd: () => void): Promise<DemoFacts> {
    this.dispose();
    const { root, logFolder, keep } = this.#parts;
    const keeper = keep({
      command: process.execPath,
      args: [path.join(root, 'dist', 'demo.js'), '--serve'],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      directory: mkdtempSync(path.join(tmpdir(), 'distdiag-demo-')),
      // One log each: the previous process may still be ending, and removes its own.
      logFile: path.join(logFolder, `demo-cluster-${(this.#started += 1)}.log`),
      restarts: RESTARTS,
      startMs: START_MS,
      endMs: END_MS,
      news: {
        restarting: (end) => this.#isCurrent(keeper) && void this.#tellRestart(end),
        restarted: () => this.#parts.log.info('demo cluster: it answers again'),
        gaveUp: (end) => {
          if (!this.#isCurrent(keeper)) return;
          this.dispose();
          onEnd();
          void this.#tellEnd(end);
        },
      },
    });
    this.#keeper = keeper;
    try {
      const facts = await keeper.start();
      if (this.#isCurrent(keeper)) this.#facts = facts;
      return facts;
    } catch (thrown) {
      if (this.#isCurrent(keeper)) this.dispose();
      throw this.#startError(thrown);
    }
  }

  dispose(): void {
    const keeper = this.#keeper;
    this.#keeper = this.#facts = undefined;
    void keeper?.stop();
  }

  #isCurrent(keeper: DemoKeeper): boolean {
    return this.#keeper === keeper;
  }

  #startError(thrown: unknown): Error {
    if (!(thrown instanceof DemoStartError)) return thrown as Error;
    if (thrown.stopped) return new AppError('cancelled', 'Cancelled.');
    const why = thrown.end ? this.#log(thrown.end) : vscode.l10n.t('it did not respond in time');
    return new AppError('internal', vscode.l10n.t('The demo cluster did not start: {0}.', why), {
      hint: vscode.l10n.t('See the log.'),
    });
  }

  async #tellRestart(end: DemoEnd): Promise<void> {
    const why = this.#log(end);
    const showLog = vscode.l10n.t('Show Log');
    const message = vscode.l10n.t(
      'The demo cluster exited ({0}) and is being restarted. Experiments injected there are gone.',
      why,
    );
    if ((await showWarningMessage(message, showLog)) === showLog) showTheLog();
  }

  async #tellEnd(end: DemoEnd): Promise<void> {
    const why = this.#log(end);
    const [startAgain, select, showLog] = [
      vscode.l10n.t('Start Again'),
      vscode.l10n.t('Select Cluster'),
      vscode.l10n.t('Show Log'),
    ];
    const message = vscode.l10n.t('The demo cluster keeps exiting ({0}). Select a cluster to go on.', why);
    const chosen = await showErrorMessage(message, startAgain, select, showLog);
    if (chosen === startAgain) void vscode.commands.executeCommand('distdiag.startDemoCluster');
    else if (chosen === select) void vscode.commands.executeCommand('distdiag.selectCluster');
    else if (chosen === showLog) showTheLog();
  }

  /** Logs everything known about an end; returns it in a few words. */
  #log(end: DemoEnd): string {
    const why = endWords(end);
    const seconds = Math.round(end.ranMs / 1000);
    const lines = [`demo cluster: ended after ${seconds} s (${why}); its log: ${end.logFile}`, ...end.lastLines];
    this.#parts.log.error(lines.join('\n  '));
    return why;
  }
}

const showTheLog = (): void => void vscode.commands.executeCommand('distdiag.showLog');

function endWords({ code, signal, outOfMemory }: DemoEnd): string {
  if (outOfMemory) return vscode.l10n.t('out of memory');
  if (signal !== undefined) return vscode.l10n.t('signal {0}', signal);
  return code === undefined ? vscode.l10n.t('it could not be started') : vscode.l10n.t('exit code {0}', code);
}
