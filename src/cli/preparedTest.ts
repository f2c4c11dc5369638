import { randomUUID } from 'node:crypto';
import { AppError } from '../core/base/errors';
import { faultTitle } from '../core/faults/catalogue';
import type { Impact } from '../core/impact/impact';
import { planImpact } from '../core/scenario/planImpact';
import { toManifest } from '../core/injection/manifest';
import { requireForTests } from '../core/resilience/testAccess';
import { planScenario, type ScenarioPlan } from '../core/scenario/planScenario';
import type { Scenario } from '../core/scenario/scenario';
import { formatDuration } from '../core/time/duration';
import { untilAborted } from '../core/time/waiting';
import { assessImpact } from '../ui/impact/impact';
import { askedPolicyOf } from '../ui/session/policy';
import { readFileText } from './files';
import { DEFAULT_DURATION_MS, type CliSession } from './session';
import { firstLines, quoted } from './words';

/** A test on the database as it is now: nothing was injected yet, and nobody has agreed to it. */
export interface PreparedTest {
  plan: ScenarioPlan;
  /** How many pods the database has. */
  size: number;
  impact: Impact;
  /** The clusters that it acts in: what `--confirm-context` has to name. */
  clusters: readonly string[];
}

/** Reads the file of a test. Throws AppError where it is none. */
export async function readTest(file: string): Promise<Scenario> {
  const { scenarioLanguage } = await import('../adapters/language/index');
  const { scenario, issues } = scenarioLanguage.read(readFileText(file));
  if (!scenario) {
    const mistakes = issues.map(({ line, message }) => `Line ${line + 1}: ${String(message)}`);
    const howToSee = ` All of them: distdiag check ${quoted(file)}`;
    throw new AppError('invalid', firstLines(mistakes, howToSee) || 'It cannot be read.');
  }
  if (!scenario.expect?.length)
    throw new AppError('invalid', 'This scenario is not a test.', { hint: 'Add a list "expect" to it.' });
  return scenario;
}

/** Plans a test and says what it would hit. Throws AppError where it could not be run. */
export async function prepareTest(scenario: Scenario, session: CliSession, signal: AbortSignal): Promise<PreparedTest> {
  const { plan, size } = await planOf(scenario, session);
  await untilAborted(session.lookAtMemory(), signal);
  await requireForTests(session.access, [plan], signal);
  const manifests = plan.steps.map(({ injection }) => toManifest(injection));
  const moments = plan.moments.map(({ steps }) => steps);
  const impact = await assessImpact(manifests, session, signal, { moments });
  if (impact.problems.length > 0) throw new AppError('invalid', firstLines(impact.problems.map(String)));
  const clusters = impact.clusters.length > 0 ? impact.clusters : [session.context];
  return { plan, size, impact, clusters };
}

async function planOf(scenario: Scenario, session: CliSession): Promise<Pick<PreparedTest, 'plan' | 'size'>> {
  const { query } = session.config;
  const targets = await session.targets.list(query);
  if (targets.length === 0)
    throw new AppError('notFound', `No pod in ${query.namespace} has the label ${query.labelSelector}.`, {
      hint: 'Give --namespace and --label of the database.',
    });
  const plan = planScenario(scenario, {
    targets,
    policy: askedPolicyOf(session, targets.length),
    defaultDurationMs: DEFAULT_DURATION_MS,
    chaosNamespace: query.namespace,
    container: query.container,
    createdBy: randomUUID().slice(0, 8),
  });
  if (plan.problems.length > 0)
    throw new AppError('invalid', firstLines(plan.problems.map(({ message }) => String(message))));
  return { plan, size: targets.length };
}

/** What will be hit, when and for how long: said before anything starts. */
export function planLines({ plan, impact }: PreparedTest, { context }: Pick<CliSession, 'context'>): string[] {
  const { hits } = planImpact(plan, impact);
  return [
    `${plan.scenario.name} on ${context}`,
    ...plan.steps.map(({ offsetMs, durationMs, injection: { type } }, i) => {
      const length = durationMs > 0 ? ` for ${formatDuration(durationMs)}` : '';
      return `  +${formatDuration(offsetMs)} ${String(faultTitle(type))} on ${String(hits[i])}${length}`;
    }),
  ];
}
