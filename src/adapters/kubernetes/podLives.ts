import { toAppError } from '../../core/base/errors';
import type { Experiment } from '../../core/experiments/experiment';
import { Gate } from '../../core/base/gate';
import { needsItsPod, podOf, type PodLife, type PodLives } from '../../core/experiments/podLives';
import { isRecord, recordsOf, textOf, timeOf } from '../../core/base/unknown';
import { urlPart } from '../../core/base/urlPart';
import type { KubeClient } from './client';

/** More pods than this are not looked at in one go. */
const MOST = 50;
const AT_ONCE = 4;

/** Looks at the pods in which faults are said to act; pods that cannot be read are left out. */
export async function readPodLives(
  client: KubeClient,
  experiments: readonly Experiment[],
  signal: AbortSignal,
): Promise<PodLives> {
  const wanted = new Set(
    experiments.flatMap((one) => one.targets.filter((target) => needsItsPod(one, target)).map(podOf)),
  );
  const lives = new Map<string, PodLife | undefined>();
  const gate = new Gate(AT_ONCE);
  const read = async (id: string): Promise<void> => {
    try {
      const [namespace = '', pod = ''] = id.split('/').map(urlPart);
      const path = `/api/v1/namespaces/${namespace}/pods/${pod}`;
      lives.set(id, toLife(await client.json({ path, what: `read pod ${id}`, signal })));
    } catch (thrown) {
      if (toAppError(thrown).code === 'notFound') lives.set(id, undefined);
    }
  };
  await Promise.all([...wanted].slice(0, MOST).map((id) => gate.pass(() => read(id))));
  return lives;
}

function toLife(pod: unknown): PodLife {
  const part = (of: unknown, key: string): Readonly<Record<string, unknown>> =>
    isRecord(of) && isRecord(of[key]) ? of[key] : {};
  const containers = recordsOf(part(pod, 'status')['containerStatuses']).map((status): [string, number] => {
    const running = part(status['state'], 'running');
    return [textOf(status['name']), timeOf(running['startedAt']) ?? 0];
  });
  return {
    createdAt: timeOf(part(pod, 'metadata')['creationTimestamp']) ?? 0,
    containers: Object.fromEntries(containers),
  };
}
