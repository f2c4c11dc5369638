import { POD_FIELDS } from '../../core/impact/pod';
import type { KubeObject } from '../kubernetes/objects/objects';
import { recordsNameContainers } from './kinds';

interface Selector {
  namespaces?: string[];
  labelSelectors?: Record<string, string>;
  expressionSelectors?: { key: string; operator: string; values?: string[] }[];
  annotationSelectors?: Record<string, string>;
  fieldSelectors?: Record<string, string>;
  nodes?: string[];
  nodeSelectors?: Record<string, string>;
  podPhaseSelectors?: string[];
  pods?: Record<string, string[]>;
}

const holds = (wanted: Record<string, string> | undefined, have: Record<string, string> | undefined): boolean =>
  Object.entries(wanted ?? {}).every(([key, value]) => have?.[key] === value);

/** The pods that a selector names, before the mode: `pods` overrides all other keys; no namespaces means the object's own. */
export function simulatedSelection(
  object: KubeObject,
  selector: Selector,
  pods: readonly KubeObject[],
  nodes: readonly KubeObject[],
): KubeObject[] {
  if (selector.pods && Object.keys(selector.pods).length > 0) {
    return Object.entries(selector.pods).flatMap(([namespace, names]) =>
      names.flatMap((name) => pods.filter((pod) => pod.metadata.namespace === namespace && pod.metadata.name === name)),
    );
  }
  const hosts = hostsOf(selector, nodes);
  if (hosts === 'unknown' || Object.keys(selector.fieldSelectors ?? {}).some((field) => !FIELDS.includes(field)))
    return []; // the controller's own request is refused: it selects nothing
  const namespaces = selector.namespaces?.length ? selector.namespaces : [object.metadata.namespace ?? ''];
  const found = pods.filter((pod) => {
    const labels = pod.metadata.labels;
    return (
      holds(selector.labelSelectors, labels) &&
      holds(selector.annotationSelectors, pod.metadata.annotations) &&
      (selector.expressionSelectors ?? []).every((expression) => matchesExpression(expression, labels)) &&
      Object.entries(selector.fieldSelectors ?? {}).every(([field, value]) => fieldOf(pod, field) === value) &&
      inPhase(selector.podPhaseSelectors ?? [], String(pod.status?.['phase'])) &&
      (hosts === undefined || hosts.includes(String(pod.spec?.['nodeName'])))
    );
  });
  // One list for each: a namespace that is named twice gives its pods twice, one without a name those of all.
  return namespaces.flatMap((one) => found.filter(({ metadata }) => one === '' || metadata.namespace === one));
}

/** What an API server can select pods by, beside labels. */
const FIELDS: readonly string[] = POD_FIELDS;

/** `!Phase` excludes, the others are alternatives. */
function inPhase(wanted: readonly string[], phase: string): boolean {
  const alternatives = wanted.filter((one) => !one.startsWith('!'));
  return !wanted.includes(`!${phase}`) && (alternatives.length === 0 || alternatives.includes(phase));
}

/** The names that are given and the nodes that have the labels, together; `unknown` where a name is no node's. */
function hostsOf(
  { nodes: names = [], nodeSelectors = {} }: Selector,
  nodes: readonly KubeObject[],
): readonly string[] | 'unknown' | undefined {
  const labels = Object.keys(nodeSelectors);
  if (names.length === 0 && labels.length === 0) return undefined;
  const all = nodes.map(({ metadata }) => metadata.name);
  if (names.some((name) => !all.includes(name))) return 'unknown';
  const labelled = labels.length > 0 ? nodes.filter(({ metadata }) => holds(nodeSelectors, metadata.labels)) : [];
  return [...names, ...labelled.map(({ metadata }) => metadata.name)];
}

function matchesExpression(
  { key, operator, values = [] }: { key: string; operator: string; values?: string[] },
  labels: Record<string, string> = {},
): boolean {
  const value = labels[key];
  if (operator === 'In') return value !== undefined && values.includes(value);
  if (operator === 'NotIn') return value === undefined || !values.includes(value);
  if (operator === 'Exists') return value !== undefined;
  return operator === 'DoesNotExist' && value === undefined;
}

function fieldOf(pod: KubeObject, path: string): string {
  const value = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], pod);
  return String(value ?? '');
}

/** Narrows the pods by mode and value. */
export function applyMode(
  pods: readonly KubeObject[],
  mode: string,
  value: string,
  random: () => number,
): KubeObject[] {
  const shuffled = [...pods];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j] as KubeObject, shuffled[i] as KubeObject];
  }
  const number = Number(value);
  if (mode === 'all') return [...pods];
  if (mode === 'one') return shuffled.slice(0, 1);
  if (mode === 'fixed') return shuffled.slice(0, number);
  if (mode === 'fixed-percent') return shuffled.slice(0, Math.ceil((pods.length * number) / 100));
  return shuffled.slice(0, Math.ceil((pods.length * Math.floor(random() * (number + 1))) / 100));
}

/** Record ids of the chosen pods: `namespace/pod` or `namespace/pod/container`. */
export function recordIds(object: KubeObject, pods: readonly KubeObject[]): string[] {
  const wanted = object.spec?.['containerNames'] as string[] | undefined;
  return pods.flatMap((pod) => {
    const id = `${pod.metadata.namespace}/${pod.metadata.name}`;
    if (!recordsNameContainers(object)) return [id];
    const containers = ((pod.spec?.['containers'] as { name: string }[] | undefined) ?? []).map(({ name }) => name);
    const chosen = wanted?.length ? wanted.filter((name) => containers.includes(name)) : containers.slice(0, 1);
    return chosen.map((name) => `${id}/${name}`);
  });
}
