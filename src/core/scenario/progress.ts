import type { Text } from '../base/text';
import type { Experiment } from '../experiments/experiment';
import { derivePhase } from '../experiments/phase';
import type { GroupItem, GroupMember, GroupState } from '../experiments/groupItem';
import { markIn, type MarkedStep, type ScenarioMark } from './mark';
import type { ScenarioRun, StepProgress } from './run';

/** How late a step may be, milliseconds, until an editor that does not run the scenario itself calls it interrupted. */
const OVERDUE_MS = 15_000;

/** Where scenarios are known from. */
export interface ScenarioSources {
  experiments: readonly Experiment[];
  /** Those that this window runs, or ran. */
  runs: readonly ScenarioRun[];
  /** Scenarios that this window ran before it was reloaded; their remaining steps will not start. */
  interrupted: readonly ScenarioMark[];
}

/** One group for each run of a scenario, with its experiments and the steps that have none. */
export function scenarioGroups({ experiments, runs, interrupted }: ScenarioSources, nowMs: number): GroupItem[] {
  const found = new Map<string, { mark: ScenarioMark; own: { experiment: Experiment; step: number }[] }>();
  const put = (mark: ScenarioMark): { experiment: Experiment; step: number }[] => {
    const entry = found.get(mark.run) ?? { mark, own: [] };
    if (entry.mark.steps.length < mark.steps.length) entry.mark = mark;
    found.set(mark.run, entry);
    return entry.own;
  };
  for (const { mark } of runs) put(mark);
  for (const mark of interrupted) put(mark);
  for (const experiment of experiments) {
    const marked = markIn(experiment);
    if (marked) put(marked.mark).push({ experiment, step: marked.step });
  }
  return [...found.values()].map(({ mark, own }) => {
    const run = runs.find((one) => one.mark.run === mark.run);
    const lost = !run && interrupted.some((one) => one.run === mark.run);
    return scenarioGroup(mark, own, run, lost, nowMs);
  });
}

function scenarioGroup(
  mark: ScenarioMark,
  own: readonly { experiment: Experiment; step: number }[],
  run: ScenarioRun | undefined,
  lost: boolean,
  nowMs: number,
): GroupItem {
  const members: GroupMember[] = [];
  const states: GroupState[] = [];
  const count = Math.max(mark.steps.length, ...own.map(({ step }) => step + 1));
  for (let index = 0; index < count; index++) {
    const experimentsOfStep = own.filter(({ step }) => step === index).map(({ experiment }) => experiment);
    const step = mark.steps[index];
    if (experimentsOfStep.length > 0) {
      members.push(...experimentsOfStep);
      states.push(...experimentsOfStep.map((one) => stateOf(one, run?.steps[index], nowMs)));
    } else if (step) {
      const item = stepItem(mark, step, index, run, lost, nowMs);
      members.push(item);
      states.push(item.state);
    }
  }
  const state = groupState(states, run, own);
  return {
    type: 'scenario',
    key: `scenario/${mark.run}`,
    name: mark.name,
    what: undefined,
    state,
    reason: reasonOf(state, run, lost),
    at: state === 'waiting' ? Math.min(...members.map((one) => ('at' in one && one.at) || Infinity)) : undefined,
    lastAt: undefined,
    progress: { done: states.filter((one) => one === 'done').length, total: states.length },
    ours: own.every(({ experiment }) => experiment.ours),
    createdAt: mark.startedAt || Math.min(...own.map(({ experiment }) => experiment.createdAt)),
    members,
    object: undefined,
    run: mark.run,
  };
}

function stepItem(
  mark: ScenarioMark,
  step: MarkedStep,
  index: number,
  run: ScenarioRun | undefined,
  lost: boolean,
  nowMs: number,
): GroupItem {
  const progress = run?.steps[index];
  const at = mark.startedAt + step.offsetMs;
  const state = progress ? ownState(progress, run) : lost || nowMs > at + OVERDUE_MS ? 'interrupted' : 'waiting';
  return {
    type: 'step',
    key: `scenario/${mark.run}/${index}`,
    name: step.name,
    what: step.anomaly,
    state,
    reason: progress?.error?.text,
    at: state === 'waiting' ? at : undefined,
    lastAt: undefined,
    progress: undefined,
    ours: true,
    createdAt: at,
    members: [],
    object: undefined,
    run: mark.run,
  };
}

/** Of a step whose experiment is not, or not any more, there. */
function ownState({ state, ref }: StepProgress, run: ScenarioRun | undefined): GroupState {
  if (state === 'cancelled' && run?.state === 'abandoned') return 'interrupted';
  if (state !== 'running' || !ref) return state;
  return run?.state === 'stopped' || run?.state === 'failed' ? 'stopped' : 'done';
}

function stateOf(experiment: Experiment, progress: StepProgress | undefined, nowMs: number): GroupState {
  switch (derivePhase(experiment, nowMs).phase) {
    case 'finished':
      return 'done';
    case 'failing':
    case 'noTargets':
    case 'partial':
      return 'failed';
    case 'deleting':
    case 'stuck':
      return 'stopping';
    case 'injecting':
      return progress?.state === 'failed' ? 'failed' : 'injecting';
    default:
      return progress?.state === 'failed' ? 'failed' : 'running';
  }
}

function groupState(
  states: readonly GroupState[],
  run: ScenarioRun | undefined,
  own: readonly { experiment: Experiment; step: number }[],
): GroupState {
  const some = (...wanted: GroupState[]): boolean => states.some((state) => wanted.includes(state));
  if (run?.state === 'stopping') return 'stopping';
  if (run?.state === 'stopped' && own.length === 0) return 'stopped';
  if (some('failed') || run?.state === 'failed') return 'failed';
  if (some('interrupted')) return 'interrupted';
  if (some('running', 'injecting')) return 'running';
  if (some('stopping')) return 'stopping';
  if (some('waiting')) return some('done') ? 'running' : 'waiting';
  return run?.state === 'stopped' || some('cancelled') ? 'stopped' : 'done';
}

function reasonOf(state: GroupState, run: ScenarioRun | undefined, lost: boolean): Text | undefined {
  if (run?.reason !== undefined) return run.reason;
  if (state !== 'interrupted') return undefined;
  return lost || run
    ? 'The window that ran it was closed. No further steps start; running experiments end by themselves.'
    : 'Steps that were due are missing: the window that ran the scenario was closed, or they were stopped.';
}
