import { expect } from 'vitest';
import type { Experiment, ExperimentPhase } from '../../../src/core/experiments/experiment';
import { until } from '../api';
import type { NodeScene } from './nodeScene';

/** What the daemon has done, by method. */
export type Calls = Readonly<Record<string, number>>;

/** Compares what the tree and the events say of a fault with what the daemon says that it has done since this began. */
export class Told {
  readonly #scene: NodeScene;
  readonly #before: Map<string, number>;

  private constructor(scene: NodeScene, before: Map<string, number>) {
    this.#scene = scene;
    this.#before = before;
  }

  static async since(scene: NodeScene): Promise<Told> {
    return new Told(scene, await daemonCalls(scene));
  }

  /** The one experiment acts: its row, its records and its events say so, as the daemon does. */
  async acts(experiment: Experiment, calls: Calls, phase: ExperimentPhase = 'running'): Promise<void> {
    const { name } = experiment.ref;
    expect(this.#scene.rows()).toEqual({ [name]: phase });
    expect(experiment.targets.map((target) => target.phase)).toEqual(experiment.targets.map(() => 'Injected'));
    await this.#say(experiment, 'Applied');
    expect(await this.reasons(experiment)).not.toContain('Failed');
    await this.#did(calls);
  }

  /** Stops it; it is gone then, recovered once, and the daemon has done nothing else. */
  async stops(experiment: Experiment, calls: Calls): Promise<void> {
    await this.#scene.stop(experiment);
    expect(this.#scene.rows()).toEqual({});
    await this.#say(experiment, 'Recovered');
    await this.#did(calls);
  }

  /** The reasons of an experiment's events, as the extension lists them. */
  async reasons({ ref }: Experiment): Promise<string[]> {
    return (await this.#scene.connection.experiments.events(ref)).map(({ reason }) => reason);
  }

  /** One event for each target; events come a little later than what they tell of. */
  async #say({ ref, targets }: Experiment, reason: string): Promise<void> {
    const wanted = targets.map(({ id }) => id).sort();
    const said = async (): Promise<string[]> =>
      (await this.#scene.connection.experiments.events(ref)).flatMap((event) =>
        event.reason === reason ? Array<string>(event.count ?? 1).fill(event.message) : [],
      );
    const messages = await until(said, ({ length }) => length >= wanted.length, `${ref.name} to be ${reason}`);
    expect(messages.map((message) => message.split(' ').at(-1)).sort()).toEqual(wanted);
  }

  /** These calls, and no others. */
  async #did(calls: Calls): Promise<void> {
    const done = [...(await daemonCalls(this.#scene))].flatMap(([method, count]): [string, number][] => {
      const more = count - (this.#before.get(method) ?? 0);
      return more > 0 ? [[method, more]] : [];
    });
    expect(Object.fromEntries(done)).toEqual(calls);
  }
}

/** How often the daemon has done what it was asked, by method, as its own metrics tell. */
async function daemonCalls({ places }: NodeScene): Promise<Map<string, number>> {
  const text = await (await fetch(`http://${places.address}:31766/metrics`)).text();
  const handled = /^grpc_server_handled_total\{grpc_code="OK",grpc_method="(\w+)",.*\} (\d+)$/gm;
  return new Map([...text.matchAll(handled)].map(([, method, count]) => [method as string, Number(count)]));
}
