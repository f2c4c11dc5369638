import { msg, type Text } from '../base/text';
import type { Expectation } from '../scenario/expectation';
import type { ScenarioPlan } from '../scenario/planScenario';
import { formatDuration } from '../time/duration';

/** A warning where the faults of a test may end before a metric has a sample of them: samples are `stepMs` apart. */
export function shortFaultWarning(
  { steps }: Pick<ScenarioPlan, 'steps'>,
  expectations: readonly Expectation[],
  stepMs: number,
): Text | undefined {
  const fromMs = Math.min(...steps.map(({ offsetMs }) => offsetMs));
  const tookMs = Math.max(...steps.map(({ offsetMs, durationMs }) => offsetMs + durationMs)) - fromMs;
  const judged = expectations.some((one) => one.kind === 'metric' && one.during === 'fault');
  if (!judged || !(tookMs < stepMs)) return undefined;
  if (tookMs === 0)
    return 'The faults happen once: a metric has no sample of them. Use "during: always" or "during: recovery".';
  return msg`The faults take ${formatDuration(tookMs)}, less than the step of ${formatDuration(stepMs)}: a metric may have no sample of them. Use a longer duration or a shorter step.`;
}
