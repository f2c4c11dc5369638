import type { Clock } from '../base/clock';
import type { TargetGateway } from './databasePod';
import type { DatabasePod, TargetQuery } from './databasePod';

/** The most gone pods that are remembered; the oldest are dropped. */
const MOST_GONE = 500;

/** A pod as it was last listed. */
interface Known {
  target: DatabasePod;
  /** Since when it is not listed any more, epoch milliseconds; undefined = it is there. */
  goneAt: number | undefined;
}

/** The database's pods, including those that are gone: past moments had other nodes. */
export class PodHistory implements TargetGateway {
  readonly #gateway: TargetGateway;
  readonly #clock: Clock;
  /** By query, then by pod. */
  readonly #known = new Map<string, Map<string, Known>>();

  constructor(gateway: TargetGateway, clock: Clock) {
    this.#gateway = gateway;
    this.#clock = clock;
  }

  async list(query: TargetQuery, signal?: AbortSignal): Promise<DatabasePod[]> {
    const targets = await this.#gateway.list(query, signal);
    const id = JSON.stringify(query);
    const known = this.#known.get(id) ?? new Map<string, Known>();
    this.#known.set(id, known);
    const now = this.#clock.now();
    const listed = new Set(targets.map(({ pod }) => pod));
    for (const [pod, one] of known) if (!listed.has(pod)) one.goneAt ??= now;
    for (const target of targets) known.set(target.pod, { target, goneAt: undefined });
    const gone = [...known].filter(([, { goneAt }]) => goneAt !== undefined);
    for (const [pod] of gone.slice(0, Math.max(0, gone.length - MOST_GONE))) known.delete(pod);
    return targets;
  }

  gone(query: TargetQuery, sinceMs: number): DatabasePod[] {
    return [...(this.#known.get(JSON.stringify(query))?.values() ?? [])]
      .filter(({ goneAt }) => goneAt !== undefined && goneAt >= sinceMs)
      .map(({ target }) => target);
  }
}
