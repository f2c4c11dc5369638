import { randomUUID } from 'node:crypto';
import { toAppError } from '../core/base/errors';
import { clusterKey } from '../core/cluster/clusterKey';
import { abortText } from '../core/resilience/abortText';
import { runOnCluster } from '../core/resilience/runOnCluster';
import { toTestRun } from '../core/resilience/runs/testRun';
import { askedPolicyOf, policyOf } from '../ui/session/policy';
import type { CliOptions } from './commandLine/arguments';
import type { TestReport } from './junit';
import { requireConsent } from './consent';
import { measuredTest } from './measured';
import { planLines, prepareTest, readTest } from './preparedTest';
import { TestProgress } from './progress';
import { writeReports, type WrittenTest } from './reports';
import type { CliSession } from './session';
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

/** Runs the files one after another and writes the reports, by this version of DistDiag; resolves with the exit code: that of the worst of them. */
export async function runFiles(run: FilesRun, version: string): Promise<number> {
  const { files, options, session, signal, terminal } = run;
  const { say } = terminal;
  const reports: WrittenTest[] = [];
  for (const file of files) {
    const report = signal.aborted ? notRun(file) : await runFile(run, file);
    reports.push(report);
    for (const line of reportLines(report, terminal)) say(line);
  }
  const unwritten = writeReports(reports, options, { cluster: session.context, version });
  for (const line of unwritten) say(line);
  const codes = reports.map(({ verdict, left }) => (left.length > 0 ? 3 : CODES[verdict]));
  return Math.max(...codes, unwritten.length > 0 ? CODES.error : 0);
}

/** The result of a test; its name ends the line of the verdict, as both may be any words. */
export function* reportLines(report: TestReport, { paint }: Terminal): Generator<string> {
  const { verdict, name: test, reason, outcomes, abort, left } = report;
  for (const { name, state, expected, seen } of outcomes)
    // Where nothing was injected, it never came to that.
    yield `  ${state === 'pending' ? 'not judged' : state}: ${name}: ${String(expected)}. ${String(seen)}`;
  if (abort) yield `  ${String(abortText(abort))}`;
  for (const one of left) yield `  could not be stopped: ${one}`;
  // The lines of the guard say it already.
  const known = abort !== undefined && reason?.startsWith(`"${abort.name}" failed`);
  for (const line of (known ? undefined : reason)?.split('\n') ?? []) yield `  ${line}`;
  yield `${paint(verdict, COLOURS[verdict])}: ${test}`;
}

async function runFile({ options, session, signal, terminal }: FilesRun, file: string): Promise<WrittenTest> {
  const [startedAt, began] = [Date.now(), performance.now()];
  const common = { file, name: file, startedAt };
  const seconds = (): number => (performance.now() - began) / 1000;
  try {
    const scenario = await readTest(file);
    common.name = scenario.name;
    const confirmed = policyOf(session);
    const prepared = await prepareTest(scenario, session, signal);
    const { plan, size, impact } = prepared;
    requireConsent(options['confirm-context'], prepared.clusters, impact.grave.map(String));
    for (const line of planLines(prepared, session)) terminal.say(line);
    const test = {
      plan,
      expectations: scenario.expect ?? [],
      policy: () => ({ ...askedPolicyOf(session, size, confirmed), agreed: impact }),
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
        judged: result.judged,
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
