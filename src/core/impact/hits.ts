import type { ChaosObject } from '../experiments/experiment';
import { SELECTORS_ANNOTATION } from '../experiments/labels';
import { remoteClusterOf } from '../experiments/remoteClusters';
import { isRecord, stringsOf, textOf } from '../base/unknown';
import { countOf, type Count } from './mode';
import { podId, type NodeLabels, type SelectablePod } from './pod';
import { namespacesOfSelector, selectPods, type Selection } from './selectPods';

/** Kinds that act on machines or volumes outside the cluster: no pod is selected by them. */
export const WITHOUT_PODS: ReadonlySet<string> = new Set([
  'AWSChaos',
  'AzureChaos',
  'GCPChaos',
  'PhysicalMachineChaos',
]);

/** True for what selects pods of this cluster. */
export const selectsPods = ({ kind, spec }: Pick<ChaosObject, 'kind' | 'spec'>): boolean =>
  kind.endsWith('Chaos') && !WITHOUT_PODS.has(kind) && remoteClusterOf({ spec }) === undefined;

/** What an experiment would hit. */
export interface Hits extends Selection, Count {
  /** The other end of a network fault; undefined where it names none. */
  peers: (Selection & Count) | undefined;
  /** The other cluster in which it acts: what it hits there is not known here. */
  elsewhere: string | undefined;
}

/** Every namespace in which an object's selectors look for pods. */
export function selectedNamespaces(object: ChaosObject): string[] {
  if (!selectsPods(object)) return [];
  const { kind, metadata, spec } = object;
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
    return { ...selection, ...distinct(countOf(from['mode'], from['value'], selection.listed), selection) };
  };
  if (!selectsPods(object)) {
    const nothing = { pods: [], listed: 0, missing: [], problem: undefined, uncertain: false };
    const elsewhere = remoteClusterOf(object);
    return { ...nothing, ...countOf('all', undefined, 0), peers: undefined, elsewhere };
  }
  const target = kind === 'NetworkChaos' && isRecord(spec['target']) ? choose(spec['target']) : undefined;
  return { ...choose(spec), peers: target, elsewhere: undefined };
}

/** How many pods are hit where one may be chosen twice. */
function distinct(count: Count, { pods, listed }: Selection): Count {
  if (listed === pods.length) return count;
  if (count.atLeast >= listed) return { atLeast: pods.length, atMost: pods.length, random: false };
  return { atLeast: Math.min(1, count.atLeast), atMost: Math.min(count.atMost, pods.length), random: count.atMost > 0 };
}

const hasItems = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

/**
 * The pods that a database loses, as far as its majority is concerned. A partition between two groups costs the smaller
 * one: the rest still holds together, unless it is cut off from addresses besides.
 */
export function lostPods({ spec }: Pick<ChaosObject, 'spec'>, hits: Hits): Selection & Count {
  const { peers } = hits;
  const partition = textOf(spec['action']) === 'partition' && !hasItems(spec['externalTargets']);
  return partition && peers && peers.pods.length > 0 && peers.atMost < hits.atMost ? peers : hits;
}

/**
 * The same object for these pods, and these at its other end, by name: what comes to match its selectors later is not
 * hit. Its modes stay, and the selectors that it was written with are kept beside it.
 */
export function narrowed(
  object: ChaosObject,
  pods: readonly SelectablePod[],
  peers?: readonly SelectablePod[],
): ChaosObject {
  const { spec, metadata } = object;
  const target = isRecord(spec['target']) ? spec['target'] : undefined;
  const selector = byName(spec['selector'], pods);
  const other = target && peers ? byName(target['selector'], peers) : target?.['selector'];
  if (selector === spec['selector'] && other === target?.['selector']) return object;
  const written = JSON.stringify({ selector: spec['selector'], ...(target ? { target: target['selector'] } : {}) });
  return {
    ...object,
    metadata: { ...metadata, annotations: { [SELECTORS_ANNOTATION]: written, ...metadata.annotations } },
    spec: { ...spec, selector, ...(target ? { target: { ...target, selector: other } } : {}) },
  };
}

/** The same object for what was shown as hit, as far as it could be seen: what cannot be named stays as it is written. */
export function pinned(object: ChaosObject, { pods, uncertain, peers }: Hits): ChaosObject {
  const known = pods.length > 0 && !uncertain && (!peers || (peers.pods.length > 0 && !peers.uncertain));
  return known ? narrowed(object, pods, peers?.pods) : object;
}

/** The same object with the selectors that it was written with, where it was pinned to pods. */
export function asWritten(object: ChaosObject): ChaosObject {
  const { [SELECTORS_ANNOTATION]: kept, ...annotations } = stringsOf(object.metadata.annotations);
  if (kept === undefined) return object;
  const written = parsed(kept);
  const { spec, metadata } = object;
  const target = isRecord(spec['target']) && isRecord(written['target']) ? spec['target'] : undefined;
  return {
    ...object,
    metadata: { ...metadata, annotations },
    spec: {
      ...spec,
      ...(isRecord(written['selector']) ? { selector: written['selector'] } : {}),
      ...(target ? { target: { ...target, selector: written['target'] } } : {}),
    },
  };
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/** A selector that names these pods; the one that is there where it does that already. */
function byName(selector: unknown, pods: readonly SelectablePod[]): unknown {
  const named: Record<string, string[]> = Object.create(null) as Record<string, string[]>; // a namespace may be called `constructor`
  for (const { target } of pods) (named[target.namespace] ??= []).push(target.pod);
  const there = isRecord(selector) && isRecord(selector['pods']) ? Object.entries(selector['pods']) : [];
  const ids = there.flatMap(([namespace, names]) =>
    Array.isArray(names) ? names.map((name) => `${namespace}/${textOf(name)}`) : [],
  );
  const wanted = idsOf(pods);
  if (ids.length === wanted.size && ids.every((id) => wanted.has(id))) return selector;
  return { namespaces: Object.keys(named), pods: { ...named } };
}

/** True where a selector names its pods. */
export const namesPods = (selector: unknown): boolean =>
  isRecord(selector) && isRecord(selector['pods']) && Object.keys(selector['pods']).length > 0;

/** Ids of pods, for counting them once. */
export const idsOf = (pods: readonly SelectablePod[]): Set<string> => new Set(pods.map(podId));
