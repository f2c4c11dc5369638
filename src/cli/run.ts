import { randomUUID } from 'node:crypto';
import { AppError, toAppError } from '../core/base/errors';
import { faultTitle } from '../core/faults/catalogue';
import type { Impact } from '../core/impact/impact';
import { toManifest } from '../core/injection/manifest';
import { clusterKey } from '../core/cluster/clusterKey';
import { abortText } from '../core/resilience/abortText';
import { requireForTests } from '../core/resilience/testAccess';
import { runOnCluster } from '../core/resilience/runOnCluster';
import { toTestRun } from '../core/resilience/runs/testRun';
import { planScenario, type ScenarioPlan } from '../core/scenario/planScenario';
import type { Scenario } from '../core/scenario/scenario';
import { formatDuration } from '../core/time/duration';
import { untilAborted } from '../core/time/waiting';
import { assessImpact } from '../ui/impact/impact';
import { askedPolicyOf, policyOf } from '../ui/session/policy';
import type { CliOptions } from './arguments';
import type { TestReport } from './junit';
import { requireConsent } from './consent';
import { readFileText } from './files';
import { measuredTest } from './measured';
import { TestProgress } from './progress';
import { writeReports, type WrittenTest } from './reports';
import { DEFAULT_DURATION_MS, type CliSession } from './session';
import type { Colour, Terminal } from './terminal';
import { errorLine, inOptions } from './words';

/** What a run of files needs. */
export interface FilesRun {
  files: readonly string[];
  options: CliOptions;
  session: CliSession;
  /** Aborted, everything of the test that runs is stopped, and no other begins. */
  signal: AbortSignal;
  terminal: Terminal;
}

const CODES: Readonly<Record<TestReport['verdict'], number>> = {
  passed: 0,
  failed: 1,
  error: 2,
  inconclusive: 2,
  aborted: 3,
};

const COLOURS: Readonly<Record<TestReport['verdict'], Colour>> = {
  passed: 'good',
  failed: 'bad',
  error: 'bad',
  inconclusive: 'doubt',
  aborted: 'bad',
};

/** Runs the files one after another and writes the reports; resolves with the exit code: that of the worst of them. */
export async function runFiles(run: FilesRun): Promise<number> {
  const { files, options, signal, terminal } = run;
  const { say } = terminal;
  const reports: WrittenTest[] = [];
  for (const file of files) {
    const report = signal.aborted ? notRun(file) : await runFile(run, file);
    reports.push(report);
    for (const line of reportLines(report, terminal)) say(line);
  }
  const unwritten = writeReports(reports, options, run.session.context);
  for (const line of unwritten) say(line);
  const codes = reports.map(({ verdict, left }) => (left.length > 0 ? 3 : CODES[verdict]));
  return Math.max(...codes, unwritten.length > 0 ? CODES.error : 0);
}

/** The result of a test; its name ends the line of the verdict, as both may be any words. */
export function* reportLines(report: TestReport, { paint }: Terminal): Generator<string> {
  const { verdict, name: test, reason, outcomes, abort, left } = report;
  for (const { name, state, expected, seen } of outcomes)
    yield `  ${state}: ${name}: ${String(expected)}. ${String(seen)}`;
  if (abort) yield `  ${String(abortText(abort))}`;
  for (const one of left) yield `  could not be stopped: ${one}`;
  if (reason !== undefined) yield `  ${reason}`;
  yield `${paint(verdict, COLOURS[verdict])}: ${test}`;
}

async function runFile({ options, session, signal, terminal }: FilesRun, file: string): Promise<WrittenTest> {
  const [startedAt, began] = [Date.now(), performance.now()];
  const common = { file, name: file, startedAt };
  const seconds = (): number => (performance.now() - began) / 1000;
  try {
    const scenario = await readScenario(file);
    common.name = scenario.name;
    const { plan, size } = await planOf(scenario, session);
    await untilAborted(session.lookAtMemory(), signal);
    await requireForTests(session.access, [plan], signal);
    const confirmed = policyOf(session);
    const agreed = await agreedImpact(plan, session, options, signal);
    for (const line of planLines(plan, session)) terminal.say(line);
    const test = {
      plan,
      expectations: scenario.expect ?? [],
      policy: () => ({ ...askedPolicyOf(session, size, confirmed), agreed }),
    };
    const { query } = session.config;
    const progress = new TestProgress(terminal, session.clock, { name: scenario.name, totalMs: plan.totalMs });
    const result = await runOnCluster({ ...session, query }, test, {
      signal,
      force: options.force,
      onProgress: (message) => progress.doing(String(message)),
      onLook: (look) => progress.seen(look),
    }).finally(() => progress.dispose());
    const { verdict, reason, outcomes, left, abort } = result;
    const { context } = session;
    const run = toTestRun(plan, result, { id: randomUUID(), where: clusterKey(session), context });
    const measured = options.html === undefined ? {} : await measuredTest(plan, result, session, terminal, signal);
    return {
      ...common,
      ...measured,
      expected: {
        expectations: test.expectations,
        phases: result.phases,
        targets: new Set(plan.steps.flatMap(({ injection }) => injection.targets.map(({ pod }) => pod))),
      },
      run,
      verdict,
      reason:
        signal.aborted && verdict === 'aborted' && left.length === 0
          ? 'Interrupted; all experiments of this test are deleted.'
          : reason === undefined
            ? undefined
            : inOptions(String(reason)),
      outcomes,
      ...(abort ? { abort } : {}),
      seconds: seconds(),
      left: left.map(({ ref, error }) => `${ref.kind} ${ref.namespace}/${ref.name}: ${error.message}`),
    };
  } catch (thrown) {
    const { code } = toAppError(thrown);
    return {
      ...common,
      verdict: code === 'cancelled' ? 'aborted' : 'error',
      reason: code === 'cancelled' ? 'Interrupted before anything was injected.' : errorLine(thrown),
      outcomes: [],
      seconds: seconds(),
      left: [],
    };
  }
}

/** What will be hit, when and for how long: said before anything starts. */
function planLines({ scenario, steps }: ScenarioPlan, session: CliSession): string[] {
  return [
    `${scenario.name} on ${session.context}`,
    ...steps.map(({ offsetMs, durationMs, injection: { type, targets } }) => {
      const pods = targets.map(({ pod }) => pod).join(', ');
      const length = durationMs > 0 ? ` for ${formatDuration(durationMs)}` : '';
      return `  +${formatDuration(offsetMs)} ${String(faultTitle(type))} on ${pods}${length}`;
    }),
  ];
}

async function readScenario(file: string): Promise<Scenario> {
  const { scenarioLanguage } = await import('../adapters/language/index');
  const { scenario, issues } = scenarioLanguage.read(readFileText(file));
  const [issue] = issues;
  if (!scenario)
    throw new AppError('invalid', `Line ${(issue?.line ?? 0) + 1}: ${String(issue?.message ?? 'It cannot be read.')}`);
  if (!scenario.expect?.length)
    throw new AppError('invalid', 'This scenario is not a test.', { hint: 'Add a list "expect" to it.' });
  return scenario;
}

async function planOf(scenario: Scenario, session: CliSession): Promise<{ plan: ScenarioPlan; size: number }> {
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
  const [problem] = plan.problems;
  if (problem) throw new AppError('invalid', problem.message);
  return { plan, size: targets.length };
}

/** What would be hit, as far as whoever started the program agrees to it. */
async function agreedImpact(
  plan: ScenarioPlan,
  session: CliSession,
  options: CliOptions,
  signal: AbortSignal,
): Promise<Impact> {
  const manifests = plan.steps.map(({ injection }) => toManifest(injection));
  const moments = plan.moments.map(({ steps }) => steps);
  const harm = await assessImpact(manifests, session, signal, { moments });
  const [problem] = harm.problems;
  if (problem !== undefined) throw new AppError('invalid', problem);
  const clusters = harm.clusters.length > 0 ? harm.clusters : [session.context];
  requireConsent(options['confirm-context'], clusters, harm.grave.map(String));
  return harm;
}

const notRun = (file: string): TestReport => ({
  file,
  name: file,
  verdict: 'aborted',
  reason: 'Interrupted before it began.',
  outcomes: [],
  startedAt: Date.now(),
  seconds: 0,
  left: [],
});
