import type { DatabasePod } from '../cluster/databasePod';

interface Member {
  pod: DatabasePod;
  /** When it was not listed, epoch milliseconds; the last one is open while it is gone. */
  absences: { fromMs: number; toMs: number }[];
}

/** Every pod that the database has had during a test: one that is gone took part in the baseline. */
export class Members {
  readonly #hit: ReadonlySet<string>;
  readonly #members = new Map<string, Member>();
  #first: ReadonlySet<string> | undefined;

  /** `hit`: the names of the faults' targets. */
  constructor(hit: ReadonlySet<string>) {
    this.#hit = hit;
  }

  /** Takes up the pods that are listed at a moment. */
  note(pods: readonly DatabasePod[], at: number): void {
    this.#first ??= new Set(pods.map(({ pod }) => pod));
    const listed = new Set(pods.map(({ pod }) => pod));
    for (const pod of pods) {
      const known = this.#members.get(pod.pod);
      const absence = known?.absences.at(-1);
      if (absence?.toMs === Infinity) absence.toMs = at;
      const isNew = !known && !this.#first.has(pod.pod);
      this.#members.set(pod.pod, {
        pod,
        absences: known?.absences ?? (isNew ? [{ fromMs: -Infinity, toMs: at }] : []),
      });
    }
    for (const [name, { absences }] of this.#members)
      if (!listed.has(name) && absences.at(-1)?.toMs !== Infinity) absences.push({ fromMs: at, toMs: Infinity });
  }

  get all(): readonly DatabasePod[] {
    return [...this.#members.values()].map(({ pod }) => pod);
  }

  has(name: string): boolean {
    return this.#members.has(name);
  }

  wasAbsent(name: string, at: number): boolean {
    return this.#members.get(name)?.absences.some(({ fromMs, toMs }) => at >= fromMs && at < toMs) ?? false;
  }

  /** True for the faults' targets, and for what replaces one of them under a new name in its zone. */
  isTarget(name: string): boolean {
    if (this.#hit.has(name)) return true;
    const member = this.#members.get(name);
    if (!member || this.#first?.has(name)) return false;
    return [...this.#members.values()].some(
      ({ pod, absences }) =>
        this.#hit.has(pod.pod) && pod.zone === member.pod.zone && absences.at(-1)?.toMs === Infinity,
    );
  }
}
