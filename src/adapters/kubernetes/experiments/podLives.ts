import { toAppError } from '../../../core/base/errors';
import type { Experiment } from '../../../core/experiments/experiment';
import { Gate } from '../../../core/base/gate';
import { needsItsDaemon, needsItsPod, podOf, type PodLife, type PodLives } from '../../../core/experiments/podLives';
import { isRecord, recordsOf, textOf, timeOf } from '../../../core/base/unknown';
import { urlPart } from '../../../core/base/urlPart';
import type { KubeClient } from '../connection/client';
import { listAll } from '../watch/lists';

/** More pods than this are not looked at in one go. */
const MOST_PODS = 50;
const CONCURRENCY = 4;

/** As Chaos Mesh's chart labels its daemons' pods and names their container. */
const DAEMONS = 'app.kubernetes.io/component=chaos-daemon';
const DAEMON = 'chaos-daemon';

/**
 * Looks at the pods in which faults are said to act, and at the daemons of the nodes where those would end with them;
 * what cannot be read is left out.
 */
export async function readPodLives(
  client: KubeClient,
  experiments: readonly Experiment[],
  signal: AbortSignal,
): Promise<PodLives> {
  const podsOf = (wanted: typeof needsItsPod): Set<string> =>
    new Set(experiments.flatMap((one) => one.targets.filter((target) => wanted(one, target)).map(podOf)));
  const withDaemon = podsOf(needsItsDaemon);
  const lives = new Map<string, PodLife | undefined>();
  const daemons = new Map<string, Promise<number | undefined>>();
  const gate = new Gate(CONCURRENCY);
  const daemonOf = (node: string): Promise<number | undefined> => {
    const known = daemons.get(node) ?? readDaemon(client, node, signal);
    daemons.set(node, known);
    return known;
  };
  const read = async (id: string): Promise<void> => {
    try {
      const [namespace = '', pod = ''] = id.split('/').map(urlPart);
      const path = `/api/v1/namespaces/${namespace}/pods/${pod}`;
      const found = await client.json({ path, what: `read pod ${id}`, signal });
      const node = textOf(part(found, 'spec')['nodeName']);
      const daemon = withDaemon.has(id) && node !== '' ? await daemonOf(node) : undefined;
      lives.set(id, { ...toLife(found), ...(daemon === undefined ? {} : { daemon }) });
    } catch (thrown) {
      if (toAppError(thrown).code === 'notFound') lives.set(id, undefined);
    }
  };
  await Promise.all([...podsOf(needsItsPod)].slice(0, MOST_PODS).map((id) => gate.pass(() => read(id))));
  return lives;
}

/** When the daemon of a node began; undefined where that is not known. */
async function readDaemon(client: KubeClient, node: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    const options = { signal, labelSelector: DAEMONS, fieldSelector: `spec.nodeName=${node}` };
    const { items } = await listAll(client, '/api/v1/pods', `list the daemon of ${node}`, options);
    const began = items.flatMap((pod) => toLife(pod).containers[DAEMON] ?? []);
    // One that does not run has ended. While one is replaced there may be two, and the older one may have acted.
    return began.length > 0 ? Math.min(...began.map((at) => at || Infinity)) : undefined;
  } catch {
    return undefined; // the pods of all namespaces need not be listable
  }
}

const part = (of: unknown, key: string): Readonly<Record<string, unknown>> =>
  isRecord(of) && isRecord(of[key]) ? of[key] : {};

function toLife(pod: unknown): PodLife {
  const containers = recordsOf(part(pod, 'status')['containerStatuses']).map((status): [string, number] => {
    const running = part(status['state'], 'running');
    return [textOf(status['name']), timeOf(running['startedAt']) ?? 0];
  });
  return {
    createdAt: timeOf(part(pod, 'metadata')['creationTimestamp']) ?? 0,
    containers: Object.fromEntries(containers),
  };
}
