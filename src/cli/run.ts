import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { scenarioLanguage } from '../adapters/language/index';
import { AppError, toAppError } from '../core/base/errors';
import { faultDefinition } from '../core/faults/catalogue';
import type { Impact } from '../core/impact/impact';
import { toManifest } from '../core/injection/manifest';
import { abortText } from '../core/resilience/abortText';
import { runOnCluster } from '../core/resilience/runOnCluster';
import { planScenario, type ScenarioPlan } from '../core/scenario/planScenario';
import type { Scenario } from '../core/scenario/scenario';
import { assessImpact } from '../ui/impact/impact';
import { askedPolicyOf, policyOf } from '../ui/session/policy';
import type { CliOptions } from './arguments';
import { junitXml, type TestReport } from './junit';
import type { CliSession } from './session';

/** What a run of files needs. */
export interface FilesRun {
  files: readonly string[];
  options: CliOptions;
  session: CliSession;
  /** Aborted, everything of the test that runs is stopped, and no other begins. */
  signal: AbortSignal;
  say: (line: string) => void;
}

const CODES: Readonly<Record<TestReport['verdict'], number>> = {
  passed: 0,
  failed: 1,
  error: 2,
  inconclusive: 2,
  aborted: 3,
};

/** Runs the files one after another and writes the reports; resolves with the exit code: that of the worst of them. */
export async function runFiles(run: FilesRun): Promise<number> {
  const { files, options, signal, say } = run;
  const reports: TestReport[] = [];
  for (const file of files) {
    const report = signal.aborted ? notRun(file) : await runFile(run, file);
    reports.push(report);
    for (const { name, state, expected, seen } of report.outcomes) say(`  ${state}: ${name}: ${String(expected)}. ${String(seen)}`);
    if (report.abort) say(`  ${String(abortText(report.abort))}`);
    for (const left of report.left) say(`  could not be stopped: ${left}`);
    say(`${report.verdict}: ${report.name}${report.reason === undefined ? '' : `: ${report.reason}`}`);
  }
  if (options.junit !== undefined) writeFileSync(options.junit, junitXml(reports));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ tests: reports }, null, 2)}\n`);
  return Math.max(...reports.map(({ verdict, left }) => (left.length > 0 ? 3 : CODES[verdict])));
}

async function runFile({ options, session, signal, say }: FilesRun, file: string): Promise<TestReport> {
  const [startedAt, began] = [Date.now(), performance.now()];
  const common = { file, name: file, startedAt };
  const seconds = (): number => (performance.now() - began) / 1000;
  try {
    const scenario = readScenario(file);
    common.name = scenario.name;
    const { plan, size } = await planOf(scenario, session);
    await session.access.require('inject', [
      ...new Set(plan.steps.map(({ injection }) => faultDefinition(injection.type).kind)),
    ]);
    const confirmed = policyOf(session);
    const agreed = await agreedImpact(plan, session, options, signal);
    say(`${scenario.name}: ${plan.steps.length} steps on ${session.context}`);
    const test = {
      plan,
      expectations: scenario.expect ?? [],
      policy: () => ({ ...askedPolicyOf(session, size, confirmed), agreed }),
    };
    const { query } = session.config;
    const { verdict, reason, outcomes, left, abort } = await runOnCluster({ ...session, query }, test, {
      signal,
      force: options.force,
      onProgress: (message) => say(`  ${String(message)}`),
    });
    return {
      ...common,
      verdict,
      reason: reason === undefined ? undefined : String(reason),
      outcomes,
      ...(abort ? { abort } : {}),
      seconds: seconds(),
      left: left.map(({ ref, error }) => `${ref.kind} ${ref.namespace}/${ref.name}: ${error.message}`),
    };
  } catch (thrown) {
    const { code, message, hint } = toAppError(thrown);
    const reason = hint === undefined ? message : `${message} ${String(hint)}`;
    return {
      ...common,
      verdict: code === 'cancelled' ? 'aborted' : 'error',
      reason: code === 'cancelled' ? 'Cancelled before anything was injected.' : reason,
      outcomes: [],
      seconds: seconds(),
      left: [],
    };
  }
}

function readScenario(file: string): Scenario {
  const { scenario, issues } = scenarioLanguage.read(readFileSync(file, 'utf8'));
  const [issue] = issues;
  if (!scenario)
    throw new AppError(
      'invalid',
      `${file}:${(issue?.line ?? 0) + 1}: ${String(issue?.message ?? 'It cannot be read.')}`,
    );
  if (!scenario.expect?.length) throw new AppError('invalid', `${file} expects nothing: it is no test.`);
  return scenario;
}

async function planOf(scenario: Scenario, session: CliSession): Promise<{ plan: ScenarioPlan; size: number }> {
  const { query } = session.config;
  const targets = await session.targets.list(query);
  if (targets.length === 0)
    throw new AppError('notFound', `No pod in ${query.namespace} has the label ${query.labelSelector}.`);
  const plan = planScenario(scenario, {
    targets,
    policy: askedPolicyOf(session, targets.length),
    defaultDurationMs: 180_000,
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
  const name = harm.clusters.join(', ') || session.context;
  if (harm.grave.length > 0 && options['confirm-context'] !== name)
    throw new AppError('forbidden', harm.grave.join(' '), {
      hint: `To inject anyway, give --confirm-context ${name}. Nothing was changed in the cluster.`,
    });
  return harm;
}

const notRun = (file: string): TestReport => ({
  file,
  name: file,
  verdict: 'aborted',
  reason: 'Cancelled before it began.',
  outcomes: [],
  startedAt: Date.now(),
  seconds: 0,
  left: [],
});
