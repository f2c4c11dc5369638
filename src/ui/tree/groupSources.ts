import type { Experiment } from '../../core/experiments/experiment';
import type { GroupItem } from '../../core/experiments/groupItem';
import type { OrchestrationSnapshot } from '../../core/workflows/orchestration';
import type { Disposable } from '../../core/base/disposable';
import { scenarioGroups } from '../../core/scenario/progress';
import type { ScenarioMemory } from '../scenario/scenarioMemory';
import type { ClusterSession } from '../session/session';

/** The groups of a session's experiments, while its tree is visible. */
export class GroupSources implements Disposable {
  readonly #session: ClusterSession;
  readonly #memory: ScenarioMemory;
  readonly #held: Disposable[];
  #orchestration: OrchestrationSnapshot = { workflows: [], nodes: [], schedules: [] };
  #some = false;

  constructor(session: ClusterSession, memory: ScenarioMemory, changed: () => void) {
    this.#session = session;
    this.#memory = memory;
    const watch = session.orchestration.watch((snapshot) => {
      this.#orchestration = snapshot;
      changed();
    });
    this.#held = [session.scenarios.onChange(changed), memory.onChange(changed), watch];
  }

  /** True if there was a group at the last check. */
  get some(): boolean {
    return this.#some;
  }

  of(experiments: readonly Experiment[], nowMs: number): GroupItem[] {
    const interrupted = this.#memory.interrupted(this.#session.context);
    const groups = [
      ...scenarioGroups({ experiments, runs: this.#session.scenarios.all, interrupted }, nowMs),
      ...this.#session.orchestration.groups(this.#orchestration, experiments, nowMs),
    ];
    this.#some = groups.length > 0;
    return groups;
  }

  dispose(): void {
    for (const one of this.#held) one.dispose();
  }
}
