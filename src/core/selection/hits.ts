import type { ChaosObject } from '../experiment';
import { isRecord, textOf } from '../unknown';
import { countOf, type Count } from './mode';
import { podId, type NodeLabels, type SelectablePod } from './pod';
import { namespacesOfSelector, selectPods, type Selection } from './selectPods';

/** Kinds that act on machines or volumes outside the cluster: no pod is selected by them. */
const WITHOUT_PODS: ReadonlySet<string> = new Set(['AWSChaos', 'AzureChaos', 'GCPChaos', 'PhysicalMachineChaos']);

/** True for the kinds that select pods. */
export const selectsPods = (kind: string): boolean => kind.endsWith('Chaos') && !WITHOUT_PODS.has(kind);

/** What an experiment would hit. */
export interface Hits extends Selection, Count {
  /** The other end of a network fault; undefined where it names none. */
  peers: (Selection & Count) | undefined;
}

/** Every namespace in which an object's selectors look for pods. */
export function selectedNamespaces({ kind, metadata, spec }: ChaosObject): string[] {
  if (!selectsPods(kind)) return [];
  const own = metadata.namespace ?? '';
  const target = kind === 'NetworkChaos' && isRecord(spec['target']) ? spec['target'] : undefined;
  const all = [
    ...namespacesOfSelector(spec['selector'], own),
    ...(target ? namespacesOfSelector(target['selector'], own) : []),
  ];
  return [...new Set(all)].filter((namespace) => namespace !== '');
}

/** What an object would hit if it were created now; no pods for the kinds that select none. */
export function hitsOf(object: ChaosObject, pods: readonly SelectablePod[], nodes: NodeLabels | undefined): Hits {
  const { kind, metadata, spec } = object;
  const choose = (from: Readonly<Record<string, unknown>>): Selection & Count => {
    const selection = selectPods(from['selector'], metadata.namespace ?? '', pods, nodes);
    return { ...selection, ...countOf(from['mode'], from['value'], selection.pods.length) };
  };
  if (!selectsPods(kind)) {
    const nothing = { pods: [], missing: [], problem: undefined, uncertain: false };
    return { ...nothing, ...countOf('all', undefined, 0), peers: undefined };
  }
  const target = kind === 'NetworkChaos' && isRecord(spec['target']) ? choose(spec['target']) : undefined;
  return { ...choose(spec), peers: target };
}

/**
 * The pods that a database loses, as far as its majority is concerned. A partition between two groups costs the smaller
 * one: the rest still holds together.
 */
export function lostPods({ spec }: Pick<ChaosObject, 'spec'>, hits: Hits): Selection & Count {
  const { peers } = hits;
  const partition = textOf(spec['action']) === 'partition';
  return partition && peers && peers.pods.length > 0 && peers.atMost < hits.atMost ? peers : hits;
}

/** The same object for some of its pods only, by name; its mode and its peers stay as they are. */
export function narrowed(object: ChaosObject, pods: readonly SelectablePod[]): ChaosObject {
  const byNamespace: Record<string, string[]> = {};
  for (const { target } of pods) (byNamespace[target.namespace] ??= []).push(target.pod);
  const selector = { namespaces: Object.keys(byNamespace), pods: byNamespace };
  return { ...object, spec: { ...object.spec, selector } };
}

/** Ids of pods, for counting them once. */
export const idsOf = (pods: readonly SelectablePod[]): Set<string> => new Set(pods.map(podId));
