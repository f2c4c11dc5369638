import { anomalyTitle } from '../anomalies';
import { formatDuration } from '../duration';
import { planDurationMs, validatePlan, type InjectionPlan } from '../plan';
import { checkPolicy, type InjectionPolicy, type PlanIssue } from '../policy';
import type { Target } from '../target';
import type { Scenario, ScenarioStep, TargetChoice } from './scenario';

/** A step with everything that its injection needs. */
export interface PlannedStep {
  /** Its place in the file, from 0. */
  index: number;
  name: string;
  offsetMs: number;
  durationMs: number;
  injection: InjectionPlan;
}

/** The moment at which the most pods are hit. */
interface WorstMoment {
  /** Milliseconds after the scenario's start. */
  atMs: number;
  /** Names of the pods that are hit then. */
  pods: readonly string[];
}

/** What would happen, step by step; with any problem it must not be started. */
export interface ScenarioPlan {
  scenario: Scenario;
  /** By offset, the file's order among equals. */
  steps: readonly PlannedStep[];
  /** From the start until the last step has ended, milliseconds. */
  totalMs: number;
  worst: WorstMoment;
  problems: readonly PlanIssue[];
  warnings: readonly PlanIssue[];
}

/** What a scenario becomes a plan with. */
export interface ScenarioSetting {
  /** The database's pods. */
  targets: readonly Target[];
  policy: InjectionPolicy;
  /** For steps that name no duration. */
  defaultDurationMs: number;
  chaosNamespace: string;
  container: string;
  createdBy: string;
}

/** Lays a scenario's steps out in time on the pods that are there, and checks each as an injection of its own. */
export function planScenario(scenario: Scenario, setting: ScenarioSetting): ScenarioPlan {
  const { policy, chaosNamespace } = setting;
  const problems: PlanIssue[] = [...checkPolicy(policy, [chaosNamespace])];
  const warnings: PlanIssue[] = [];
  const sorted = [...setting.targets].sort((a, b) => (a.pod < b.pod ? -1 : 1));
  const steps = scenario.steps.map((step, index): PlannedStep => {
    const chosen = chooseTargets(step, sorted, (message) => problems.push({ field: step.name, message }));
    const injection: InjectionPlan = {
      type: step.anomaly,
      targets: chosen,
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
      const said = new Set(problems.map(({ message }) => message));
      for (const { message } of report.problems.filter((one) => !said.has(one.message)))
        problems.push({ field: step.name, message });
      for (const { message } of report.warnings) warnings.push({ field: step.name, message });
    }
    return { index, name: step.name, offsetMs: step.offsetMs, durationMs: planDurationMs(injection), injection };
  });
  const worst = worstMoment(steps);
  const size = policy.clusterSize ?? setting.targets.length;
  if (worst.pods.length > 1 && worst.pods.length * 2 > size)
    warnings.push({
      field: 'targets',
      message: `${worst.pods.length} of ${size} nodes are hit at once, from ${formatDuration(worst.atMs)} on: the database may lose its majority.`,
    });
  warnings.push(...overlaps(steps));
  return {
    scenario,
    steps: [...steps].sort((a, b) => a.offsetMs - b.offsetMs || a.index - b.index),
    totalMs: Math.max(0, ...steps.map(({ offsetMs, durationMs }) => offsetMs + durationMs)),
    worst,
    problems,
    warnings: once(warnings),
  };
}

function chooseTargets(step: ScenarioStep, sorted: readonly Target[], complain: (message: string) => void): Target[] {
  const chosen = new Map<string, Target>();
  for (const choice of step.targets) {
    const found = find(choice, sorted);
    if (found.length === 0) complain(missing(step.name, choice, sorted.length));
    for (const target of found) chosen.set(`${target.namespace}/${target.pod}`, target);
  }
  return [...chosen.values()];
}

function find(choice: TargetChoice, sorted: readonly Target[]): Target[] {
  if ('pod' in choice) return sorted.filter(({ pod }) => pod === choice.pod);
  if ('index' in choice) return sorted.slice(choice.index, choice.index + 1);
  const wanted = Object.entries(choice.labels);
  return sorted.filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value));
}

function missing(step: string, choice: TargetChoice, count: number): string {
  if ('pod' in choice) return `Step "${step}" names the pod "${choice.pod}", which the database does not have.`;
  if ('index' in choice)
    return `Step "${step}" names the index ${choice.index}, but the database has ${count} pods and the first is 0.`;
  const labels = Object.entries(choice.labels).map(([key, value]) => `${key}=${value}`);
  return `Step "${step}" names the labels ${labels.join(', ')}, which no pod of the database has.`;
}

/** The earliest of the moments at which the most pods are hit: one of the steps' starts. */
function worstMoment(steps: readonly PlannedStep[]): WorstMoment {
  let worst: WorstMoment = { atMs: 0, pods: [] };
  for (const atMs of steps.map(({ offsetMs }) => offsetMs).sort((a, b) => a - b)) {
    const acting = steps.filter((step) => step.offsetMs <= atMs && atMs < step.offsetMs + step.durationMs);
    const pods = [...new Set(acting.flatMap(({ injection }) => injection.targets.map(({ pod }) => pod)))].sort();
    if (pods.length > worst.pods.length) worst = { atMs, pods };
  }
  return worst;
}

/** The same anomaly twice on one pod at the same time: the two add up, or the later replaces the earlier. */
function overlaps(steps: readonly PlannedStep[]): PlanIssue[] {
  const issues: PlanIssue[] = [];
  steps.forEach((one, i) => {
    for (const other of steps.slice(i + 1)) {
      if (one.injection.type !== other.injection.type) continue;
      if (one.offsetMs + one.durationMs <= other.offsetMs || other.offsetMs + other.durationMs <= one.offsetMs)
        continue;
      const both = one.injection.targets.filter(({ pod }) => other.injection.targets.some((two) => two.pod === pod));
      for (const { pod } of both)
        issues.push({
          field: other.name,
          message: `${anomalyTitle(one.injection.type)} acts twice on ${pod} at the same time: "${one.name}" and "${other.name}".`,
        });
    }
  });
  return issues;
}

const once = (issues: readonly PlanIssue[]): PlanIssue[] => [
  ...new Map(issues.map((issue) => [issue.message, issue])).values(),
];
