import type { ChaosObject, Experiment } from '../experiments/experiment';
import { SCENARIO_ANNOTATION } from '../experiments/labels';
import { isRecord, recordsOf, stringsOf, textOf } from '../base/unknown';
import { LONGEST_NAME, MOST_STEPS } from './scenario';
import type { ScenarioPlan } from './planScenario';

/** The run of a scenario that an experiment belongs to: one value for each start. */
const RUN_ANNOTATION = 'distdiag.io/scenario-run';
/** The step that an experiment is, by its place in the scenario from 0. */
const STEP_ANNOTATION = 'distdiag.io/scenario-step';
/** All steps of the run, so that any editor knows what is still to come. JSON. */
const PLAN_ANNOTATION = 'distdiag.io/scenario-plan';

/** A step as far as its group's look needs it. */
export interface MarkedStep {
  name: string;
  anomaly: string;
  offsetMs: number;
  durationMs: number;
}

/** A run of a scenario, as its experiments' annotations tell it. */
export interface ScenarioMark {
  run: string;
  name: string;
  /** Epoch milliseconds of the cluster's clock. */
  startedAt: number;
  steps: readonly MarkedStep[];
}

/** What a run of a plan is marked with. */
export function markOf(plan: ScenarioPlan, run: string, startedAt: number): ScenarioMark {
  const steps: MarkedStep[] = [];
  for (const { index, name, offsetMs, durationMs, injection } of plan.steps)
    steps[index] = { name, anomaly: injection.type, offsetMs, durationMs };
  return { run, name: plan.scenario.name, startedAt, steps };
}

/** The object as a step of a run. */
export function withMark(object: ChaosObject, mark: ScenarioMark, step: number): ChaosObject {
  const annotations = {
    ...object.metadata.annotations,
    [SCENARIO_ANNOTATION]: mark.name,
    [RUN_ANNOTATION]: mark.run,
    [STEP_ANNOTATION]: String(step),
    [PLAN_ANNOTATION]: JSON.stringify({ startedAt: mark.startedAt, steps: mark.steps }),
  };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** The run and the step of an experiment; undefined where it belongs to none. Annotations are anyone's: what is of no use is left out. */
export function markIn({ object }: Pick<Experiment, 'object'>): { mark: ScenarioMark; step: number } | undefined {
  const annotations = stringsOf(object.metadata.annotations);
  const run = annotations[RUN_ANNOTATION] ?? '';
  if (run === '' || run.length > LONGEST_NAME) return undefined;
  const step = Number(annotations[STEP_ANNOTATION]);
  const plan = parse(annotations[PLAN_ANNOTATION] ?? '');
  const name = (annotations[SCENARIO_ANNOTATION] ?? '').slice(0, LONGEST_NAME) || run;
  return { mark: { run, name, ...plan }, step: Number.isInteger(step) && step >= 0 ? step : 0 };
}

function parse(text: string): { startedAt: number; steps: MarkedStep[] } {
  try {
    return readMark(text.length > 65_536 ? undefined : (JSON.parse(text) as unknown));
  } catch {
    return readMark(undefined);
  }
}

/** Start and steps of something that was written down: unknown input. */
export function readMark(value: unknown): { startedAt: number; steps: MarkedStep[] } {
  const given = isRecord(value) ? value : {};
  const number = (of: unknown): number => (typeof of === 'number' && Number.isFinite(of) && of >= 0 ? of : 0);
  return {
    startedAt: number(given['startedAt']),
    steps: recordsOf(given['steps'])
      .slice(0, MOST_STEPS)
      .map((step) => ({
        name: textOf(step['name']).slice(0, LONGEST_NAME),
        anomaly: textOf(step['anomaly']).slice(0, LONGEST_NAME),
        offsetMs: number(step['offsetMs']),
        durationMs: number(step['durationMs']),
      })),
  };
}
