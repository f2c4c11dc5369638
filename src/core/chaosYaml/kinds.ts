import { INJECTABLE_KINDS } from '../experiments/kinds';

/** Kinds that hold several experiments or start them later. */
const COMPOUND_KINDS = ['Schedule', 'Workflow'] as const;

/** Kinds that a person writes. */
export const WRITTEN_KINDS: readonly string[] = [
  ...INJECTABLE_KINDS,
  ...COMPOUND_KINDS,
  'PhysicalMachine',
  'RemoteCluster',
  'StatusCheck',
];

/** Kinds that the controller keeps for itself. */
export const INTERNAL_KINDS: readonly string[] = ['PodHttpChaos', 'PodIOChaos', 'PodNetworkChaos', 'WorkflowNode'];

/** The field of a Schedule or a Workflow's template that holds a kind's spec: `networkChaos`. */
export function embedKey(kind: string): string {
  if (kind === 'PhysicalMachineChaos') return 'physicalmachineChaos';
  return kind.replace(/^([A-Z]+)(?=[A-Z][a-z])|^[A-Z]/, (start) => start.toLowerCase());
}

/** Kinds whose targets are no pods. */
export const kindSelectsPods = (kind: string): boolean =>
  !['AWSChaos', 'AzureChaos', 'GCPChaos', 'PhysicalMachineChaos'].includes(kind);

/** True for the kinds that inject a fault. */
export const isInjectable = (kind: string): boolean => (INJECTABLE_KINDS as readonly string[]).includes(kind);
