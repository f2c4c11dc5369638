import type { AccessNeed } from '../../core/cluster/access';
import { toAppError } from '../../core/base/errors';
import type { AccessGateway } from '../../core/cluster/access';
import { isRecord, textOf } from '../../core/base/unknown';
import type { KubeClient } from './connection/client';

/** Questions under way at once: a server's fairness queues are for everybody. */
const AT_ONCE = 8;

/** What the user may do, by SelfSubjectAccessReview. */
export function createAccessGateway(client: KubeClient): AccessGateway {
  return {
    async review(needs, signal) {
      // Most may do everything in a namespace, or nothing is asked of others: one question for them, not thirty.
      const namespaces = [...new Set(needs.map(({ namespace }) => namespace))];
      const all = new Map<string, boolean>();
      for (const namespace of namespaces) {
        const everything = { verb: '*', group: '*', resource: '*', namespace };
        all.set(namespace, (await ask(client, everything, signal)) === true);
      }
      const answers: (boolean | undefined)[] = needs.map(({ namespace }) => all.get(namespace) || undefined);
      const open = needs.map((_, i) => i).filter((i) => answers[i] === undefined);
      for (let from = 0; from < open.length; from += AT_ONCE) {
        const some = open.slice(from, from + AT_ONCE);
        const said = await Promise.all(some.map((i) => ask(client, needs[i] as AccessNeed, signal)));
        some.forEach((i, at) => (answers[i] = said[at]));
      }
      return answers;
    },
    async user(signal) {
      // Available since Kubernetes 1.28.
      const answer = await post(client, 'authentication.k8s.io', 'SelfSubjectReview', {}, signal).catch(
        () => undefined,
      );
      signal?.throwIfAborted();
      const info = isRecord(answer) && isRecord(answer['userInfo']) ? answer['userInfo'] : {};
      return textOf(info['username']) || undefined;
    },
  };
}

async function ask(
  client: KubeClient,
  need: Omit<AccessNeed, 'purpose'>,
  signal: AbortSignal | undefined,
): Promise<boolean | undefined> {
  const [resource, subresource] = need.resource.split('/') as [string, string | undefined];
  const { verb, group, namespace } = need;
  const resourceAttributes = { verb, group, resource, namespace, ...(subresource ? { subresource } : {}) };
  const spec = { resourceAttributes };
  try {
    const status = await post(client, 'authorization.k8s.io', 'SelfSubjectAccessReview', { spec }, signal);
    return isRecord(status) && typeof status['allowed'] === 'boolean' ? status['allowed'] : undefined;
  } catch (thrown) {
    const error = toAppError(thrown);
    if (['notFound', 'forbidden', 'invalid', 'server', 'badAnswer'].includes(error.code)) return undefined;
    throw error;
  }
}

/** Creates a review, which nothing keeps; its status. */
async function post(
  client: KubeClient,
  group: string,
  kind: string,
  more: object,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const apiVersion = `${group}/v1`;
  const path = `/apis/${apiVersion}/${kind.toLowerCase()}s`;
  const body = { apiVersion, kind, ...more };
  const answer = await client.json({ method: 'POST', path, body, signal, what: 'ask for permissions' });
  return isRecord(answer) ? answer['status'] : undefined;
}
