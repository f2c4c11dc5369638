import { toSelectablePod } from '../../../src/adapters/kubernetes/pods';
import type { SelectablePod } from '../../../src/core/impact/pod';

/** What a test says of a pod. */
export interface PodSpec {
  name: string;
  namespace?: string;
  node?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  phase?: string;
  hostNetwork?: boolean;
  memory?: string;
  mounts?: readonly string[];
}

/** A pod as an API server has it. */
export function podObject(given: PodSpec): Record<string, unknown> {
  const { name, namespace = 'oceanbase', node = 'w1', labels = {}, annotations = {}, phase = 'Running' } = given;
  return {
    metadata: { name, namespace, labels, annotations },
    spec: {
      nodeName: node,
      hostNetwork: given.hostNetwork ?? false,
      containers: [
        {
          name: 'observer',
          resources: { limits: { cpu: '4', memory: given.memory ?? '10Gi' } },
          volumeMounts: (given.mounts ?? ['/data']).map((mountPath) => ({ mountPath })),
        },
        { name: 'agent' },
      ],
    },
    status: { phase },
  };
}

/** The same as the selection sees it. */
export const pod = (given: PodSpec): SelectablePod => toSelectablePod(podObject(given));
