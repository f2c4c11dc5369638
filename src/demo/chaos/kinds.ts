import type { KubeObject } from '../kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../kubernetes/objects/resources';

/** Kinds that act on pods and that the controller runs. */
const INJECTABLE = [
  'StressChaos',
  'NetworkChaos',
  'IOChaos',
  'PodChaos',
  'TimeChaos',
  'DNSChaos',
  'HTTPChaos',
  'JVMChaos',
  'KernelChaos',
  'BlockChaos',
];

/** Resources of the experiment kinds: no schedules, no workflows. */
export const CHAOS_RESOURCES: readonly Resource[] = RESOURCES.filter((resource) => INJECTABLE.includes(resource.kind));

/** One-shot: pod-kill and container-kill are over as soon as they have acted. */
export function happensOnce(object: KubeObject): boolean {
  return object.kind === 'PodChaos' && ['pod-kill', 'container-kill'].includes(String(object.spec?.['action']));
}

/** Records name a container for these kinds, a pod for the others. */
export function recordsNameContainers(object: KubeObject): boolean {
  if (['StressChaos', 'IOChaos', 'TimeChaos', 'DNSChaos', 'JVMChaos', 'KernelChaos'].includes(object.kind)) return true;
  return object.kind === 'PodChaos' && object.spec?.['action'] === 'container-kill';
}
