import { msg, type Text } from '../base/text';
import { faultDefinition, type AnomalyParameters, type FaultType } from '../faults/catalogue';
import { formatDuration, LONG_MS, UNTIL_STOPPED_MS } from '../time/duration';
import { checkParameter } from '../faults/parameters';
import { checkPolicy, type InjectionPolicy, type PlanIssue } from './policy';
import { formatBytes, parseSize } from '../base/quantity';
import type { DatabasePod } from '../cluster/databasePod';

export type { InjectionPolicy } from './policy';

/** What the user wants injected, before it becomes a Chaos Mesh object. */
export interface InjectionPlan {
  type: FaultType;
  /** Picked by name; all of them are hit. */
  targets: readonly DatabasePod[];
  /** The other group of pods, for a partition. */
  peers?: readonly DatabasePod[];
  parameters: AnomalyParameters;
  /** Counted by Chaos Mesh from the object's creation. */
  durationMs: number | 'untilStopped';
  /** Where the object is created. */
  chaosNamespace: string;
  /** The database's container, e.g. `observer`. */
  container: string;
  /** The editor session that asks, without a user name. */
  createdBy: string;
  /** Several plans injected together share a scenario. */
  scenario?: string;
}

/** The verdict on a plan: with any problem it must not be injected; warnings are shown and may be accepted. */
export interface PlanReport {
  problems: readonly PlanIssue[];
  warnings: readonly PlanIssue[];
}

/** The time that the object will carry, milliseconds. */
export function planDurationMs(plan: Pick<InjectionPlan, 'durationMs'>): number {
  return plan.durationMs === 'untilStopped' ? UNTIL_STOPPED_MS : plan.durationMs;
}

/** Checks all that can be known without asking the server. */
export function validatePlan(plan: InjectionPlan, policy: InjectionPolicy): PlanReport {
  const problems = checkPolicy(policy, [
    plan.chaosNamespace,
    ...[...plan.targets, ...(plan.peers ?? [])].map((target) => target.namespace),
  ]);
  const warnings: PlanIssue[] = [];
  const problem = (field: string, message: Text): void => void problems.push({ field, message });
  const warn = (field: string, message: Text): void => void warnings.push({ field, message });

  if (plan.chaosNamespace.trim() === '') problem('namespace', 'No namespace is set for the experiment.');
  const definition = faultDefinition(plan.type);
  if (definition.oneShot) warn('duration', 'It happens once: it has no duration and cannot be undone.');
  else checkDuration(plan, problem, warn);
  for (const parameter of definition.parameters) {
    const reason = checkParameter(parameter, plan.parameters[parameter.id]);
    if (reason !== undefined) problem(parameter.id, reason);
  }
  if (plan.targets.length === 0) problem('targets', 'No pods are selected.');
  for (const target of plan.targets) checkTarget(plan, target, policy, problem, warn);
  if (definition.needsPeers) checkPeers(plan, problem);
  if (policy.clusterSize !== undefined && plan.targets.length > 1 && plan.targets.length * 2 > policy.clusterSize) {
    warn(
      'targets',
      msg`${plan.targets.length} of ${policy.clusterSize} nodes are affected: the database may lose its majority.`,
    );
  }
  if (definition.risk !== undefined) warn('type', definition.risk);
  return { problems, warnings };
}

type Report = (field: string, message: Text) => void;

function checkDuration(plan: InjectionPlan, problem: Report, warn: Report): void {
  if (plan.durationMs === 'untilStopped') {
    warn('duration', msg`It runs until you stop it, for at most ${formatDuration(UNTIL_STOPPED_MS)}.`);
  } else if (!Number.isFinite(plan.durationMs) || plan.durationMs < 1000) {
    problem('duration', 'The duration must be at least one second.');
  } else if (plan.durationMs > UNTIL_STOPPED_MS) {
    problem('duration', msg`The duration must be at most ${formatDuration(UNTIL_STOPPED_MS)}.`);
  } else if (plan.durationMs > LONG_MS) {
    warn('duration', msg`It runs for ${formatDuration(plan.durationMs)}.`);
  }
}

function checkTarget(
  plan: InjectionPlan,
  target: DatabasePod,
  policy: InjectionPolicy,
  problem: Report,
  warn: Report,
): void {
  if (target.phase !== 'Running') {
    problem('targets', msg`${target.pod} is ${target.phase.toLowerCase()}: only a running pod can be a target.`);
  } else if (!target.ready) warn('targets', msg`${target.pod} is not ready.`);
  const definition = faultDefinition(plan.type);
  if (definition.kind === 'NetworkChaos' && target.hostNetwork) problem('targets', hostNetwork(target));
  if (!definition.inContainer) return;
  const database = target.containers.find((container) => container.name === plan.container);
  if (!database) {
    problem('targets', msg`${target.pod} has no container "${plan.container}".`);
    return;
  }
  if (definition.kind === 'IOChaos') {
    const volume = String(plan.parameters['volumePath'] ?? '');
    if (!database.mounts.includes(volume)) {
      problem(
        'volumePath',
        msg`"${volume}" is not a mount of ${target.pod}. Its mounts: ${database.mounts.join(', ') || 'none'}.`,
      );
    }
  }
  if (plan.type === 'cpu_stress' && database.cpuLimit !== undefined) {
    const cores = (Number(plan.parameters['workers']) * Number(plan.parameters['load'])) / 100;
    if (cores >= database.cpuLimit) {
      warn(
        'workers',
        msg`${cores} cores of load exhaust ${target.pod}'s limit of ${database.cpuLimit}: the database may miss heartbeats.`,
      );
    }
  }
  if (plan.type === 'memory_stress') checkMemory(plan, target, database.memoryLimit, policy, problem, warn);
}

const hostNetwork = ({ pod }: DatabasePod): Text =>
  msg`${pod} uses the host network: the whole host would be affected, and Chaos Mesh rejects it.`;

function checkPeers({ targets, peers = [] }: InjectionPlan, problem: Report): void {
  if (peers.length === 0) problem('peers', 'No pods are selected for the other group.');
  for (const peer of peers) {
    if (targets.some(({ namespace, pod }) => namespace === peer.namespace && pod === peer.pod))
      problem('peers', msg`${peer.pod} is in both groups.`);
    if (peer.hostNetwork) problem('peers', hostNetwork(peer));
  }
}

function checkMemory(
  plan: InjectionPlan,
  target: DatabasePod,
  limit: number | undefined,
  policy: InjectionPolicy,
  problem: Report,
  warn: Report,
): void {
  const total = parseSize(String(plan.parameters['size'])) ?? NaN;
  if (!Number.isFinite(total)) return; // said already by the parameter's own check
  if (limit === undefined) {
    warn('size', msg`${target.pod} has no memory limit: ${formatBytes(total)} are taken from its whole host.`);
    return;
  }
  if (total >= limit) {
    problem('size', msg`${formatBytes(total)} do not fit into ${target.pod}'s memory limit of ${formatBytes(limit)}.`);
    return;
  }
  const used = policy.memoryUsed?.[target.pod];
  if (used === undefined || !Number.isFinite(used)) return;
  const headroom = limit - used;
  if (total > headroom) {
    warn(
      'size',
      msg`${target.pod} has ${formatBytes(Math.max(0, headroom))} of free memory, less than the ${formatBytes(total)} requested: expect an out-of-memory kill.`,
    );
  }
}
