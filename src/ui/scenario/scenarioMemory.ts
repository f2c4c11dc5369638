import { Emitter } from '../../core/base/emitter';
import type * as vscode from 'vscode';
import { readMark, type ScenarioMark } from '../../core/scenario/mark';
import type { ScenarioRun } from '../../core/scenario/run';
import type { Disposable } from '../../core/base/disposable';
import { isRecord, recordsOf, textOf } from '../../core/base/unknown';
import type { ClusterSession } from '../session/session';

const KEY = 'distdiag.scenarioRuns';
const MOST = 20;
/** How long after its end an interrupted scenario is remembered. */
const KEEP_MS = 24 * 3_600_000;

interface Remembered {
  context: string;
  mark: ScenarioMark;
}

/**
 * The scenarios that this window runs, kept over a reload: the next window shows them as interrupted. Experiments are in
 * the cluster; this has only names and times.
 */
export class ScenarioMemory implements Disposable {
  readonly #memento: vscode.Memento;
  readonly #interrupted: Remembered[];
  #running: Remembered[] = [];
  #following: Disposable | undefined;
  readonly #listeners = new Emitter();

  constructor(memento: vscode.Memento, nowMs: number) {
    this.#memento = memento;
    this.#interrupted = read(memento.get(KEY)).filter(({ mark }) => endOf(mark) + KEEP_MS > nowMs);
  }

  /** The scenarios of a context whose window was closed before all steps had started. */
  interrupted(context: string): ScenarioMark[] {
    return this.#interrupted.filter((one) => one.context === context).map(({ mark }) => mark);
  }

  /** Follows a session's runs. */
  follow({ scenarios, context }: Pick<ClusterSession, 'scenarios' | 'context'>): void {
    this.#following?.dispose();
    let ended = new Set<string>();
    const look = (): void => {
      const active = scenarios.all.filter(waits);
      const lost = scenarios.all.filter((run) => run.state === 'abandoned' && !ended.has(run.mark.run));
      ended = new Set([...ended, ...lost.map(({ mark }) => mark.run)]);
      this.#interrupted.push(...lost.filter(wasCut).map(({ mark }) => ({ context, mark })));
      this.#running = active.map(({ mark }) => ({ context, mark }));
      this.#save();
      if (lost.length > 0) this.#listeners.emit();
    };
    this.#following = scenarios.onChange(look);
  }

  /** Forgets a run. */
  dismiss(run: string): void {
    const at = this.#interrupted.findIndex(({ mark }) => mark.run === run);
    if (at < 0) return;
    this.#interrupted.splice(at, 1);
    this.#save();
    this.#listeners.emit();
  }

  onChange(listener: () => void): Disposable {
    return this.#listeners.add(listener);
  }

  dispose(): void {
    this.#following?.dispose();
    this.#listeners.clear();
  }

  #save(): void {
    const all = [...this.#interrupted, ...this.#running].slice(-MOST);
    const before = JSON.stringify(this.#memento.get(KEY) ?? []);
    if (JSON.stringify(all) !== before) void this.#memento.update(KEY, all.length > 0 ? all : undefined);
  }
}

const waits = (run: ScenarioRun): boolean => run.isActive && run.steps.some(({ state }) => state === 'waiting');
const wasCut = (run: ScenarioRun): boolean => run.steps.some(({ state }) => state === 'cancelled');
const endOf = ({ startedAt, steps }: ScenarioMark): number =>
  startedAt + Math.max(0, ...steps.map(({ offsetMs, durationMs }) => offsetMs + durationMs));

function read(value: unknown): Remembered[] {
  return recordsOf(value).flatMap(({ context, mark }) => {
    if (!isRecord(mark) || textOf(mark['run']) === '') return [];
    const { startedAt, steps } = readMark(mark);
    return [
      { context: textOf(context), mark: { run: textOf(mark['run']), name: textOf(mark['name']), startedAt, steps } },
    ];
  });
}
