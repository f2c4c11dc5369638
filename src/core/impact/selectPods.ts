import { isRecord, recordsOf, stringsOf, textOf } from '../base/unknown';
import { POD_FIELDS, type NodeLabels, type SelectablePod } from './pod';

/** What a selector names, before the mode narrows it. */
export interface Selection {
  /** Each once. */
  pods: readonly SelectablePod[];
  /** How many there are for the mode: Chaos Mesh takes a pod as often as the selector repeats its namespace or name. */
  listed: number;
  /** `namespace/name` of pods that it names and that are not there: Chaos Mesh skips them without a word. */
  missing: readonly string[];
  /** Why Chaos Mesh could not select by it, in one sentence. */
  problem: string | undefined;
  /** True where labels of nodes are asked for that are not known: then every pod is taken to match. */
  uncertain: boolean;
}

/**
 * The pods that a selector of Chaos Mesh names, by its own rules (pkg/selector/pod of Chaos Mesh 2.8): a non-empty
 * `pods` overrides all other keys; no `namespaces` means the object's own; `nodes` and `nodeSelectors` add up, all
 * other keys narrow. Never throws, whatever the selector holds.
 *
 * @param nodes undefined where the nodes cannot be listed.
 */
export function selectPods(
  selector: unknown,
  ownNamespace: string,
  pods: readonly SelectablePod[],
  nodes: NodeLabels | undefined,
): Selection {
  const keys = isRecord(selector) ? selector : {};
  const named = isRecord(keys['pods']) ? Object.entries(keys['pods']) : [];
  if (named.length > 0) return byName(named, pods);
  const unsupported = Object.keys(stringsOf(keys['fieldSelectors'])).find(
    (field) => !(POD_FIELDS as readonly string[]).includes(field),
  );
  if (unsupported !== undefined)
    return none(`Pods cannot be selected by the field ${unsupported}: the API server does not support it.`);
  const lost = textsOf(keys['nodes']).find((name) => nodes !== undefined && !nodes.has(name));
  if (lost !== undefined) return none(`There is no Kubernetes node ${lost}: Chaos Mesh would select nothing.`);
  const namespaces = namespacesOfSelector(keys, ownNamespace);
  const wantedNodes = nodesOf(keys, nodes);
  const timesOf = ({ target }: SelectablePod): number => namespaces.filter((one) => one === target.namespace).length;
  const found = pods.filter(
    (pod) =>
      timesOf(pod) > 0 &&
      holds(keys['labelSelectors'], pod.target.labels) &&
      holds(keys['annotationSelectors'], pod.annotations) &&
      holds(keys['fieldSelectors'], pod.fields) &&
      recordsOf(keys['expressionSelectors']).every((one) => matches(one, pod.target.labels)) &&
      inPhase(textsOf(keys['podPhaseSelectors']), pod.fields['status.phase'] ?? '') &&
      (wantedNodes === undefined || wantedNodes.has(pod.fields['spec.nodeName'] ?? '')),
  );
  return {
    pods: found,
    listed: found.reduce((sum, pod) => sum + timesOf(pod), 0),
    missing: [],
    problem: undefined,
    uncertain: nodes === undefined && Object.keys(stringsOf(keys['nodeSelectors'])).length > 0,
  };
}

/** The namespaces that a selector looks into. */
export function namespacesOfSelector(selector: unknown, ownNamespace: string): string[] {
  const keys = isRecord(selector) ? selector : {};
  const named = isRecord(keys['pods']) ? Object.keys(keys['pods']) : [];
  if (named.length > 0) return named;
  const namespaces = textsOf(keys['namespaces']);
  return namespaces.length > 0 ? namespaces : [ownNamespace];
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(textOf).filter((text) => text !== '') : [];

const none = (problem: string): Selection => ({ pods: [], listed: 0, missing: [], problem, uncertain: false });

function byName(named: readonly (readonly [string, unknown])[], pods: readonly SelectablePod[]): Selection {
  const found: SelectablePod[] = [];
  const missing: string[] = [];
  for (const [namespace, names] of named)
    for (const name of textsOf(names)) {
      const pod = pods.find(({ target }) => target.namespace === namespace && target.pod === name);
      if (pod) found.push(pod);
      else missing.push(`${namespace}/${name}`);
    }
  return { pods: [...new Set(found)], listed: found.length, missing, problem: undefined, uncertain: false };
}

const holds = (wanted: unknown, have: Readonly<Record<string, string>>): boolean =>
  Object.entries(stringsOf(wanted)).every(([key, value]) => Object.hasOwn(have, key) && have[key] === value);

function matches(expression: Readonly<Record<string, unknown>>, labels: Readonly<Record<string, string>>): boolean {
  const key = textOf(expression['key']);
  const values = textsOf(expression['values']);
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (expression['operator']) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** One of the phases that are named, and none of those with a `!`. */
function inPhase(wanted: readonly string[], phase: string): boolean {
  const included = wanted.filter((one) => !one.startsWith('!'));
  return (included.length === 0 || included.includes(phase)) && !wanted.includes(`!${phase}`);
}

/** Names of the nodes whose pods are meant; undefined where the selector asks for none, or cannot be answered. */
function nodesOf(keys: Readonly<Record<string, unknown>>, nodes: NodeLabels | undefined): Set<string> | undefined {
  const named = textsOf(keys['nodes']);
  const byLabel = Object.keys(stringsOf(keys['nodeSelectors'])).length > 0;
  if (named.length === 0 && !byLabel) return undefined;
  if (!byLabel) return new Set(named);
  if (nodes === undefined) return undefined;
  const labelled = [...nodes].filter(([, labels]) => holds(keys['nodeSelectors'], labels)).map(([name]) => name);
  return new Set([...named, ...labelled]);
}
