/** Chaos Mesh kinds that affect targets directly: the rows of the Experiments view. The plural is the lower-cased kind. */
export const INJECTABLE_KINDS = [
  'AWSChaos',
  'AzureChaos',
  'BlockChaos',
  'DNSChaos',
  'GCPChaos',
  'HTTPChaos',
  'IOChaos',
  'JVMChaos',
  'KernelChaos',
  'NetworkChaos',
  'PhysicalMachineChaos',
  'PodChaos',
  'StressChaos',
  'TimeChaos',
] as const;

/** `stresschaos` for `StressChaos`, `workflows` for `Workflow`. */
export function pluralOf(kind: string): string {
  return kind.toLowerCase() + (/^(Workflow|WorkflowNode|Schedule|StatusCheck)$/.test(kind) ? 's' : '');
}

const ONE_SHOT: Readonly<Record<string, readonly string[]>> = {
  PodChaos: ['pod-kill', 'container-kill'],
  AWSChaos: ['ec2-restart'],
  AzureChaos: ['vm-restart'],
  GCPChaos: ['node-reset'],
};

/** True for actions that happen once: nothing is recovered, and a pause does nothing. */
export function isOneShot(kind: string, spec: Readonly<Record<string, unknown>>): boolean {
  return typeof spec['action'] === 'string' && (ONE_SHOT[kind]?.includes(spec['action']) ?? false);
}
