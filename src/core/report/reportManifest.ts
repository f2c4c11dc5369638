import type { ChaosObject } from '../experiments/experiment';
import { withoutSecretValues } from '../base/secretValues';

/** Annotations that repeat the object or say nothing of the experiment. */
const LEFT_OUT = new Set(['kubectl.kubernetes.io/last-applied-configuration']);
/** Fields that the server adds. */
const SERVER = new Set(['managedFields', 'resourceVersion', 'generation', 'selfLink', 'ownerReferences', 'finalizers']);

/** What was asked for, as it could be applied again: no status, and nothing that a server wrote for itself; without what may be a secret, for reports are passed on. */
export function reportManifest({ apiVersion, kind, metadata, spec }: ChaosObject): Record<string, unknown> {
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !SERVER.has(key)));
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => !LEFT_OUT.has(key));
  delete kept['annotations'];
  return {
    apiVersion,
    kind,
    metadata:
      annotations.length > 0 ? { ...kept, annotations: withoutSecretValues(Object.fromEntries(annotations)) } : kept,
    spec: withoutSecretValues(spec),
  };
}
