import { parseDuration } from '../../core/time/duration';
import type { KubeObject, ObjectStore } from '../kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../kubernetes/objects/resources';
import type { ChaosControls } from './controls';

/**
 * Annotations that make the simulated Chaos Mesh fail, so that any client can see every state of an experiment:
 * on a node `daemon=missing`, on a pod `network=broken`, on the namespace `chaos-mesh` `delay=<duration>` and
 * `controller=stopped`, each with this prefix.
 */
const KNOB_PREFIX = 'demo.distdiag.io/';

const kind = (name: string): Resource => RESOURCES.find((resource) => resource.kind === name) as Resource;
const knob = (object: KubeObject | undefined, name: string): string | undefined =>
  object?.metadata.annotations?.[KNOB_PREFIX + name];

/** The controls as they were given, with what the cluster's annotations add. */
export function withKnobs(store: ObjectStore, controls: ChaosControls): ChaosControls {
  const named = (of: string, name: string, value: string): string[] =>
    store.list(kind(of)).flatMap((object) => (knob(object, name) === value ? [object.metadata.name] : []));
  const home = store.find(kind('Namespace'), undefined, 'chaos-mesh');
  return {
    missingDaemons: new Set([...controls.missingDaemons, ...named('Node', 'daemon', 'missing')]),
    brokenNetwork: new Set([...controls.brokenNetwork, ...named('Pod', 'network', 'broken')]),
    delayMs: parseDuration(knob(home, 'delay') ?? '') ?? controls.delayMs,
    stopped: controls.stopped || knob(home, 'controller') === 'stopped',
  };
}
