import * as vscode from 'vscode';
import { formatDuration } from '../../core/time/duration';
import { AppError } from '../../core/base/errors';
import type { Log } from '../../core/base/log';
import { planImpact } from '../../core/scenario/planImpact';
import { oneLine } from '../../core/base/sanitize';
import { toManifest } from '../../core/injection/manifest';
import { runOnCluster, steadyOnCluster, type PlannedTest, type TestParts } from '../../core/resilience/runOnCluster';
import { shortFaultWarning } from '../../core/resilience/shortFault';
import type { TestResult } from '../../core/resilience/testResult';
import type { ScenarioPlan } from '../../core/scenario/planScenario';
import type { Scenario } from '../../core/scenario/scenario';
import { timesOf } from '../commands/experiments/orchestration';
import { assessImpact } from '../impact/impact';
import { askedPolicyOf } from '../session/policy';
import type { ClusterSession } from '../session/session';
import type { TestRunService } from '../history/testRunService';
import { localized } from '../text/coreText';
import { anomalyName } from '../text/labels';
import { planOf, requireShown, type RunAgreement } from './agreement';
import { childOf } from './testItems';
import { factsOf, messageOf, outputOf, showResult } from './results';

/** One test of a run. */
export interface TestOfRun {
  run: vscode.TestRun;
  item: vscode.TestItem;
  scenario: Scenario;
  session: ClusterSession;
  createdBy: string;
  testRuns: Pick<TestRunService, 'add'>;
  log: Log;
  /** Aborting it stops everything that the test started. */
  signal: AbortSignal;
}

/** Runs a confirmed test and shows its result. Rejects if it could not be run. */
export async function runTest(
  { run, item, scenario, session, createdBy, testRuns, log, signal }: TestOfRun,
  { shown, agreement }: { shown: ScenarioPlan; agreement: RunAgreement },
): Promise<TestResult> {
  const tell = outputOf(run);
  const { plan, size } = await planOf(scenario, session, createdBy);
  requireShown(shown, plan);
  const test: PlannedTest = { plan, expectations: scenario.expect ?? [], policy: () => agreement(size) };
  log.info(`resilience test ${scenario.name} begins with ${plan.steps.length} steps`);
  run.started(item);
  tell(`▶ ${scenario.name}`, item);
  item.children.forEach((child) => run.started(child));
  const began = performance.now();
  const result = await runOnCluster(partsOf(session, log), test, {
    signal,
    onProgress: (message) => tell(localized(message), item),
  });
  log.info(`resilience test ${scenario.name}: ${result.verdict}`);
  await testRuns.add(plan, result, session);
  showResult(run, item, result, { ms: performance.now() - began, cancelled: signal.aborted });
  return result;
}

/** Says what the test would hit and whether the database is in its steady state; injects nothing, so no test passes. */
export async function dryRunTest({ run, item, scenario, session, createdBy, log, signal }: TestOfRun): Promise<void> {
  const tell = outputOf(run);
  run.started(item);
  const { plan, size } = await planOf(scenario, session, createdBy);
  tell(vscode.l10n.t('Dry run of "{0}" on {1}', scenario.name, session.context), item);
  const manifests = plan.steps.map(({ injection }) => toManifest(injection));
  const { moments } = timesOf(plan);
  const harm = await assessImpact(manifests, session, signal, { moments });
  const { hits, more, warnings } = planImpact(plan, harm);
  for (const [i, { offsetMs, durationMs, injection }] of plan.steps.entries())
    tell(
      `+${formatDuration(offsetMs)} ${anomalyName(injection.type)} → ${localized(hits[i] ?? '')}` +
        (durationMs > 0 ? ` (${formatDuration(durationMs)})` : ''),
      item,
    );
  for (const text of more) tell(localized(text), item);
  const expectations = scenario.expect ?? [];
  const short = shortFaultWarning(plan, expectations, session.config.stepMs);
  for (const text of [...warnings, ...(short ? [short] : [])]) tell(`⚠ ${oneLine(localized(text))}`, item);
  const [problem] = harm.problems;
  if (problem !== undefined) throw new AppError('invalid', problem);
  const test = { plan, expectations, policy: () => askedPolicyOf(session, size) };
  const { unsteady, outcomes } = await steadyOnCluster(partsOf(session, log), test, signal);
  for (const outcome of outcomes) {
    const child = childOf(item, outcome.name);
    if (!child) continue;
    tell(`${outcome.name}\n${factsOf(outcome)}`, child);
    run.skipped(child);
  }
  if (unsteady !== undefined) return run.errored(item, messageOf(item, localized(unsteady)));
  tell(vscode.l10n.t('The database is in its steady state. Nothing was injected.'), item);
  run.skipped(item);
}

const partsOf = (session: ClusterSession, log: Log): TestParts => {
  const { scenarios, tests, targets, podEvents, metrics, queries, past, store, clock, config } = session;
  const { query, stepMs } = config;
  return { scenarios, tests, targets, podEvents, metrics, queries, past, store, clock, query, stepMs, log };
};
