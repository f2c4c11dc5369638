import * as vscode from 'vscode';
import { setContext } from '../contextKeys';

/** Set in the window that `npm run demo` opens. */
const DEMO_WINDOW = 'DISTDIAG_DEMO_WINDOW';
/** Marks on this machine that the panel has been seen. */
const SEEN = 'distdiag.panelSeen';

/** What opens for a newcomer. */
export interface FirstSightParts {
  memory: vscode.Memento;
  panel: { show: (metric?: string, place?: { beside: boolean; quiet: boolean }) => void };
}

/**
 * Shows the first charts without any reading: the panel opens by itself when the view is shown and a cluster is connected
 * for the first time on this machine, and never again. The window of `npm run demo` also opens the view and the walkthrough.
 */
export class FirstSight {
  readonly #parts: FirstSightParts;
  readonly #isDemo = process.env[DEMO_WINDOW] !== undefined;
  /** Settled when the walkthrough is open, if one is opened: the panel opens beside it. */
  readonly #led: Promise<void>;

  constructor(parts: FirstSightParts) {
    this.#parts = parts;
    this.#led = this.#isDemo && !this.#seen ? lead().catch(() => undefined) : Promise.resolve();
  }

  /** The view is shown and its cluster is connected. */
  async connected(): Promise<void> {
    if (this.#seen) return;
    void this.#parts.memory.update(SEEN, true);
    await this.#led;
    this.#parts.panel.show(undefined, { beside: this.#isDemo, quiet: true });
  }

  get #seen(): boolean {
    return this.#parts.memory.get<boolean>(SEEN) === true;
  }
}

async function lead(): Promise<void> {
  // The walkthrough's first step is done.
  await setContext('demoWindow', true);
  await vscode.commands.executeCommand('workbench.view.extension.distdiag');
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', 'distdiag.distdiag#start', false);
}
