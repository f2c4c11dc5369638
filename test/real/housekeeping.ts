import type { Clock } from '../../src/core/base/clock';
import type { Disposable } from '../../src/core/base/disposable';
import { CHAOS_RESOURCES } from '../../src/demo/chaos/kinds';
import type { Api, Loose } from './api';
import { until } from './api';
import type { Mirror } from './mirror';
import { collection, resourceOf } from './paths';

const MERGE = 'application/merge-patch+json';

/** Takes away every experiment that an earlier suite left, whoever holds it. */
export async function cleanUp(api: Api): Promise<void> {
  for (const resource of CHAOS_RESOURCES) {
    const all = async (): Promise<Loose[]> => (await api.must('GET', collection(resource))).items;
    for (const { metadata } of await all()) {
      const at = `${collection(resource, metadata.namespace)}/${metadata.name}`;
      await api.call('DELETE', at);
      await api.call('PATCH', at, { metadata: { finalizers: null } }, MERGE);
    }
    await until(all, (items) => items.length === 0, `the end of every ${resource.kind}`);
  }
  // What happened to objects of the same name before is not told of the new ones.
  await api.call('DELETE', `${collection(resourceOf('Event'), 'oceanbase')}`);
  await forgetRestarts(api);
}

/** Containers that an earlier suite's faults have restarted count from nothing again. */
async function forgetRestarts(api: Api): Promise<void> {
  const pods = collection(resourceOf('Pod'), 'oceanbase');
  for (const { metadata, status } of (await api.must('GET', pods)).items as Loose[]) {
    const statuses = (status?.containerStatuses ?? []) as Loose[];
    if (statuses.every(({ restartCount }) => restartCount === 0)) continue;
    const containerStatuses = statuses.map((one) => ({ ...one, restartCount: 0, lastState: {} }));
    await api.must('PATCH', `${pods}/${metadata.name}/status`, { status: { containerStatuses } }, MERGE);
  }
}

/** What the controller manager does for namespaces that are being deleted: empties and releases them. */
export class NamespaceKeeper implements Disposable {
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(api: Api, objects: Mirror, clock: Clock) {
    const namespaces = resourceOf('Namespace');
    const end = async ({ metadata, ...rest }: Loose): Promise<void> => {
      let left = 0;
      for (const resource of [resourceOf('Pod'), ...CHAOS_RESOURCES]) {
        if (!resource.namespaced) continue;
        const at = collection(resource, metadata.name);
        await api.call('DELETE', `${at}?gracePeriodSeconds=0`);
        left += (await api.must('GET', at)).items.length;
      }
      if (left > 0) return;
      const body = { ...rest, metadata, spec: { finalizers: [] } };
      await api.call('PUT', `${collection(namespaces)}/${metadata.name}/finalize`, body);
    };
    const tick = async (): Promise<void> => {
      for (const one of objects.list(namespaces))
        if (one.metadata.deletionTimestamp) await end(one).catch(() => undefined);
      if (!this.#disposed) this.#timer = clock.after(200, () => void tick());
    };
    void tick();
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }
}
