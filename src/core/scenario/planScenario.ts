import { msg, type Text } from '../base/text';
import { faultDefinition, faultTitle } from '../faults/catalogue';
import { formatDuration } from '../time/duration';
import { planDurationMs, validatePlan, type InjectionPlan } from '../injection/plan';
import { checkPolicy, type InjectionPolicy, type PlanIssue } from '../injection/policy';
import type { DatabasePod } from '../cluster/databasePod';
import type { Scenario, TargetChoice } from './scenario';

/** A step with everything that its injection needs. */
export interface PlannedStep {
  /** Its place in the file, from 0. */
  index: number;
  name: string;
  offsetMs: number;
  /** 0 where it happens once. */
  durationMs: number;
  injection: InjectionPlan;
}

/** A moment at which pods are hit. */
interface Moment {
  /** Milliseconds after the scenario's start. */
  atMs: number;
  /** Names of the pods that the database may lose then. */
  pods: readonly string[];
  /** The steps that are felt then, by their places in the plan's list. */
  steps: readonly number[];
}

/** The field of an issue about the whole scenario: no step has this name. */
export const WHOLE = '';

/** What was killed counts as hit for a minute: it is not back in the database at once. */
const AFTER_KILL_MS = 60_000;

/** What would happen, step by step; with any problem it must not be started. */
export interface ScenarioPlan {
  scenario: Scenario;
  /** By offset, the file's order among equals. */
  steps: readonly PlannedStep[];
  /** From the start until the last step has ended, milliseconds. */
  totalMs: number;
  /** Each start of a step, in order. */
  moments: readonly Moment[];
  /** The earliest of those at which the most pods are hit. */
  worst: Moment;
  problems: readonly PlanIssue[];
  warnings: readonly PlanIssue[];
}

/** What a scenario becomes a plan with. */
export interface ScenarioSetting {
  /** The database's pods. */
  targets: readonly DatabasePod[];
  policy: InjectionPolicy;
  /** For steps that name no duration. */
  defaultDurationMs: number;
  chaosNamespace: string;
  container: string;
  createdBy: string;
}

/** Plans a scenario's steps in time on the existing pods, and checks each one like a single injection. */
export function planScenario(scenario: Scenario, setting: ScenarioSetting): ScenarioPlan {
  const { policy, chaosNamespace } = setting;
  const problems: PlanIssue[] = [...checkPolicy(policy, [chaosNamespace])];
  const warnings: PlanIssue[] = [];
  const sorted = [...setting.targets].sort((a, b) => (a.pod < b.pod ? -1 : 1));
  const steps = scenario.steps.map((step, index): PlannedStep => {
    const complain = (message: Text): void => void problems.push({ field: step.name, message });
    const { needsPeers, oneShot } = faultDefinition(step.anomaly);
    const chosen = choosePods(step.name, step.targets, sorted, complain);
    const rest = (): DatabasePod[] => sorted.filter((one) => !chosen.includes(one));
    const injection: InjectionPlan = {
      type: step.anomaly,
      targets: chosen,
      ...(needsPeers ? { peers: step.peers ? choosePods(step.name, step.peers, sorted, complain) : rest() } : {}),
      parameters: step.parameters,
      durationMs: step.durationMs ?? setting.defaultDurationMs,
      chaosNamespace,
      container: setting.container,
      createdBy: setting.createdBy,
    };
    if (chosen.length > 0) {
      // How many are hit at once is asked of the whole below, and what forbids all of it is said once.
      const { clusterSize: _, ...own } = policy;
      const report = validatePlan(injection, own);
      const said = new Set(problems.map(({ message }) => String(message)));
      for (const { message } of report.problems.filter((one) => !said.has(String(one.message))))
        problems.push({ field: step.name, message });
      for (const { message } of report.warnings) warnings.push({ field: step.name, message });
    }
    const durationMs = oneShot ? 0 : planDurationMs(injection);
    return { index, name: step.name, offsetMs: step.offsetMs, durationMs, injection };
  });
  const ordered = [...steps].sort((a, b) => a.offsetMs - b.offsetMs || a.index - b.index);
  const moments = momentsOf(ordered);
  const worst = worstOf(moments);
  const size = policy.clusterSize ?? setting.targets.length;
  if (worst.pods.length > 1 && worst.pods.length * 2 > size)
    warnings.push({
      field: WHOLE,
      message: msg`${worst.pods.length} of ${size} nodes are affected at once, from ${formatDuration(worst.atMs)}: the database may lose its majority.`,
    });
  warnings.push(...overlaps(steps));
  return {
    scenario,
    steps: ordered,
    totalMs: Math.max(0, ...steps.map(({ offsetMs, durationMs }) => offsetMs + durationMs)),
    moments,
    worst,
    problems,
    warnings: once(warnings),
  };
}

function choosePods(
  step: string,
  choices: readonly TargetChoice[],
  sorted: readonly DatabasePod[],
  complain: (message: Text) => void,
): DatabasePod[] {
  const chosen = new Map<string, DatabasePod>();
  for (const choice of choices) {
    const found = find(choice, sorted);
    if (found.length === 0) complain(missing(step, choice, sorted.length));
    for (const target of found) chosen.set(`${target.namespace}/${target.pod}`, target);
  }
  return [...chosen.values()];
}

function find(choice: TargetChoice, sorted: readonly DatabasePod[]): DatabasePod[] {
  if ('pod' in choice) return sorted.filter(({ pod }) => pod === choice.pod);
  if ('index' in choice) return sorted.slice(choice.index, choice.index + 1);
  const wanted = Object.entries(choice.labels);
  return sorted.filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value));
}

function missing(step: string, choice: TargetChoice, count: number): Text {
  if ('pod' in choice) return msg`Step "${step}" names the pod "${choice.pod}", which is not a database pod.`;
  if ('index' in choice)
    return msg`Step "${step}" names the index ${choice.index}, but the database has ${count} pods and the first is 0.`;
  const labels = Object.entries(choice.labels).map(([key, value]) => `${key}=${value}`);
  return msg`Step "${step}" names the labels ${labels.join(', ')}, which no database pod has.`;
}

/** The starts of the steps, with what is felt at each. */
function momentsOf(steps: readonly PlannedStep[]): Moment[] {
  const starts = [...new Set(steps.map(({ offsetMs }) => offsetMs))];
  return starts.map((atMs) => {
    const felt = steps.flatMap((step, i) => (isFelt(step, atMs) ? [i] : []));
    const pods = felt.flatMap((i) => lostBy((steps[i] as PlannedStep).injection));
    return { atMs, pods: [...new Set(pods)].sort(), steps: felt };
  });
}

const isFelt = ({ offsetMs, durationMs }: PlannedStep, atMs: number): boolean =>
  offsetMs <= atMs && atMs < offsetMs + (durationMs || AFTER_KILL_MS);

/** A partition costs the database the smaller of its two groups: the rest still holds together. */
function lostBy({ targets, peers = [] }: InjectionPlan): string[] {
  return (peers.length > 0 && peers.length < targets.length ? peers : targets).map(({ pod }) => pod);
}

const worstOf = (moments: readonly Moment[]): Moment =>
  moments.reduce((worst, one) => (one.pods.length > worst.pods.length ? one : worst), { atMs: 0, pods: [], steps: [] });

/** The same anomaly twice on one pod at the same time: the two add up, or the later replaces the earlier. */
function overlaps(steps: readonly PlannedStep[]): PlanIssue[] {
  const issues: PlanIssue[] = [];
  steps.forEach((one, i) => {
    for (const other of steps.slice(i + 1)) {
      if (one.injection.type !== other.injection.type) continue;
      if (!isFelt(one, other.offsetMs) && !isFelt(other, one.offsetMs)) continue;
      const both = one.injection.targets.filter(({ pod }) => other.injection.targets.some((two) => two.pod === pod));
      for (const { pod } of both)
        issues.push({
          field: other.name,
          message: msg`${faultTitle(one.injection.type)} runs twice on ${pod} at the same time: "${one.name}" and "${other.name}".`,
        });
    }
  });
  return issues;
}

const once = (issues: readonly PlanIssue[]): PlanIssue[] => [
  ...new Map(issues.map((issue) => [String(issue.message), issue])).values(),
];
