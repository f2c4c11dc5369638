import type { Api, Loose } from './api';
import { resourceOf } from './paths';

/** What the webhook program says of itself. */
export interface Webhooks {
  port: number;
  authority: string;
  kinds: string[];
}

/** Registers Chaos Mesh's admission webhooks, named and set as its chart does, at an address on loopback. */
export async function registerWebhooks(api: Api, webhooks: Webhooks): Promise<void> {
  const base = '/apis/admissionregistration.k8s.io/v1';
  for (const [letter, verb, kind] of [
    ['m', 'mutate', 'MutatingWebhookConfiguration'],
    ['v', 'validate', 'ValidatingWebhookConfiguration'],
  ] as const) {
    const at = `${base}/${kind.toLowerCase()}s`;
    const name = `chaos-mesh-${verb}`;
    await api.call('DELETE', `${at}/${name}`);
    await api.must('POST', at, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind,
      metadata: { name },
      webhooks: webhooks.kinds.map((one) => hook(webhooks, one, `${letter}${one.toLowerCase()}.kb.io`, verb)),
    });
  }
}

function hook({ port, authority }: Webhooks, kind: string, name: string, verb: string): Loose {
  return {
    name,
    clientConfig: {
      url: `https://127.0.0.1:${port}/${verb}-chaos-mesh-org-v1alpha1-${kind.toLowerCase()}`,
      caBundle: Buffer.from(authority).toString('base64'),
    },
    failurePolicy: 'Fail',
    sideEffects: 'None',
    admissionReviewVersions: ['v1', 'v1beta1'],
    timeoutSeconds: 5,
    rules: [
      {
        apiGroups: ['chaos-mesh.org'],
        apiVersions: ['v1alpha1'],
        operations: ['CREATE', 'UPDATE'],
        resources: [resourceOf(kind).plural],
      },
    ],
  };
}
