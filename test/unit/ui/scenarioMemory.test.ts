import { describe, expect, it } from 'vitest';
import type * as vscode from 'vscode';
import type { ScenarioMark } from '../../../src/core/scenario/mark';
import type { ScenarioRun, StepProgress } from '../../../src/core/scenario/run';
import { ScenarioMemory } from '../../../src/ui/scenario/scenarioMemory';
import type { ClusterSession } from '../../../src/ui/session/session';
import { Memory } from '../editor/memory';

const START = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;
const mark = (run: string): ScenarioMark => ({
  run,
  name: `scenario ${run}`,
  startedAt: START,
  steps: [{ name: 'a', anomaly: 'network_loss', offsetMs: 0, durationMs: 60_000 }],
});

/** A window's runs, told to whoever listens. */
class Runs {
  all: ScenarioRun[] = [];
  #listener: (() => void) | undefined;

  onChange(listener: () => void): { dispose(): void } {
    this.#listener = listener;
    return { dispose: () => (this.#listener = undefined) };
  }

  show(...runs: { run: string; state: ScenarioRun['state']; steps: StepProgress['state'][] }[]): void {
    this.all = runs.map(
      ({ run, state, steps }) =>
        ({
          mark: mark(run),
          state,
          isActive: state === 'running' || state === 'stopping',
          steps: steps.map((one) => ({ state: one })),
        }) as unknown as ScenarioRun,
    );
    this.#listener?.();
  }
}

const memory = (kept: Memory, nowMs = START + HOUR): ScenarioMemory =>
  new ScenarioMemory(kept as unknown as vscode.Memento, nowMs);
const session = (scenarios: Runs, context = 'dev'): ClusterSession =>
  ({ scenarios, context }) as unknown as ClusterSession;
const names = (of: ScenarioMemory, context = 'dev'): string[] => of.interrupted(context).map(({ run }) => run);

describe('what is remembered of the scenarios that a window runs', () => {
  it('is those whose steps wait: the next window says that they were interrupted, in their context only', () => {
    const [kept, runs] = [new Memory(), new Runs()];
    const window = memory(kept);
    window.follow(session(runs));
    runs.show(
      { run: 'waits', state: 'running', steps: ['running', 'waiting'] },
      { run: 'acts', state: 'running', steps: ['running'] },
    );
    expect(names(window)).toEqual([]);
    const next = memory(kept);
    expect(next.interrupted('dev')).toEqual([mark('waits')]);
    expect(names(next, 'another')).toEqual([]);
  });

  it('is nothing of those that came to their end', () => {
    const [kept, runs] = [new Memory(), new Runs()];
    memory(kept).follow(session(runs));
    runs.show({ run: 'a', state: 'running', steps: ['waiting'] });
    expect(kept.keys()).toHaveLength(1);
    runs.show({ run: 'a', state: 'done', steps: ['done'] });
    expect(kept.keys()).toEqual([]);
    expect(names(memory(kept))).toEqual([]);
  });

  it('is those that were abandoned with steps to come, told at once and once', () => {
    const [kept, runs] = [new Memory(), new Runs()];
    const window = memory(kept);
    let told = 0;
    window.onChange(() => (told += 1));
    window.follow(session(runs));
    const lost = { run: 'lost', state: 'abandoned', steps: ['running', 'cancelled'] } as const;
    runs.show({ ...lost, steps: [...lost.steps] }, { run: 'whole', state: 'abandoned', steps: ['running'] });
    runs.show({ ...lost, steps: [...lost.steps] });
    expect([names(window), told]).toEqual([['lost'], 1]);
    expect(names(memory(kept))).toEqual(['lost']);
  });

  it('is let go of when it is dismissed, and a day after its end', () => {
    const [kept, runs] = [new Memory(), new Runs()];
    const window = memory(kept);
    window.follow(session(runs));
    runs.show(...['a', 'b'].map((run) => ({ run, state: 'abandoned' as const, steps: ['cancelled' as const] })));
    let told = 0;
    window.onChange(() => (told += 1));
    window.dismiss('a');
    window.dismiss('unknown');
    expect([names(window), told]).toEqual([['b'], 1]);
    expect(names(memory(kept))).toEqual(['b']);
    expect(names(memory(kept, START + 25 * HOUR))).toEqual([]);
  });

  it('follows the cluster that is chosen, not the one before', () => {
    const [kept, first, second] = [new Memory(), new Runs(), new Runs()];
    const window = memory(kept);
    window.follow(session(first, 'one'));
    window.follow(session(second, 'two'));
    first.show({ run: 'a', state: 'abandoned', steps: ['cancelled'] });
    second.show({ run: 'b', state: 'abandoned', steps: ['cancelled'] });
    expect([names(window, 'one'), names(window, 'two')]).toEqual([[], ['b']]);
    window.dispose();
    second.show({ run: 'c', state: 'abandoned', steps: ['cancelled'] });
    expect(names(window, 'two')).toEqual(['b']);
  });

  it('keeps the newest of many, and bears whatever was kept', () => {
    const [kept, runs] = [new Memory(), new Runs()];
    memory(kept).follow(session(runs));
    runs.show(
      ...Array.from({ length: 30 }, (_, i) => ({
        run: `r${i}`,
        state: 'running' as const,
        steps: ['waiting' as const],
      })),
    );
    expect(names(memory(kept))).toEqual(Array.from({ length: 20 }, (_, i) => `r${i + 10}`));
    for (const junk of [7, 'x', [null, 1, {}], [{ context: 1, mark: 2 }], [{ mark: { run: '' } }]]) {
      kept.values.set('distdiag.scenarioRuns', junk);
      expect(names(memory(kept))).toEqual([]);
    }
  });
});
