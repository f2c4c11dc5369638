import { diagnosedFaults, diagnosedMoments } from '../core/evaluation/diagnosedFaults';
import { attempt, diagnosesOf, gatherMeanwhile } from '../core/evaluation/meanwhile';
import { summarize } from '../core/experiments/summary';
import { faultTitle } from '../core/faults/catalogue';
import { toManifest } from '../core/injection/manifest';
import type { TestResult } from '../core/resilience/testResult';
import type { ScenarioPlan } from '../core/scenario/planScenario';
import { onAbort } from '../core/time/onAbort';
import type { WrittenTest } from './reports';
import type { CliSession } from './session';
import type { Terminal } from './terminal';

/** Metrics of so long before the first fault are the baseline of the page. */
const BEFORE_MS = 10 * 60_000;
/** A recovery is looked for so long after the last fault, as far as it was watched. */
const AFTER_MS = 5 * 60_000;
/** The page must not keep a run waiting for a server that does not answer, and less whoever has interrupted it. */
const LONGEST_MS = 120_000;
const LONGEST_INTERRUPTED_MS = 5_000;

/** What only the page shows: when the faults acted, what metrics and diagnosis said meanwhile. What cannot be had is left out. */
export async function measuredTest(
  plan: ScenarioPlan,
  { phases: { faultFromMs, faultToMs }, injectedAt }: Pick<TestResult, 'phases' | 'injectedAt'>,
  session: CliSession,
  terminal: Pick<Terminal, 'status' | 'say'>,
  interrupted: AbortSignal,
): Promise<Pick<WrittenTest, 'faults' | 'frame' | 'ranks' | 'lacks'>> {
  if (faultFromMs === undefined) return {};
  const nowMs = session.clock.now();
  const faults = plan.steps.flatMap(({ durationMs, injection }, i) => {
    const fromMs = injectedAt[i];
    if (fromMs === undefined) return [];
    const toMs = Math.max(fromMs, Math.min(fromMs + durationMs, faultToMs ?? Infinity));
    const { type, targets } = injection;
    const [title, summary] = [String(faultTitle(type)), summarize(toManifest(injection))];
    return [{ fault: type, title, summary, nodes: targets.map(({ pod }) => pod), durationMs, fromMs, toMs }];
  });
  terminal.status('gathering metrics and diagnosis for the page …');
  const timeout = new AbortController();
  const timer = session.clock.after(interrupted.aborted ? LONGEST_INTERRUPTED_MS : LONGEST_MS, () => timeout.abort());
  const leaving = onAbort(interrupted, () => timeout.abort());
  const { signal } = timeout;
  const { past, scorer, log, stepMs } = session;
  try {
    // The metrics first: what follows may take all the time there is.
    const asked = { fromMs: faultFromMs - BEFORE_MS, toMs: nowMs, faults: [] };
    const { frame, ranks } = await gatherMeanwhile(asked, { past, scorer, log }, signal);
    const endMs = Math.min(nowMs, Math.max(...faults.map(({ toMs }) => toMs)) + AFTER_MS);
    const moments = diagnosedMoments(faults, endMs);
    const looks = (await attempt('looks', past.looks(moments, signal), log, signal)) ?? [];
    const verdicts = looks.length > 0 ? diagnosedFaults(faults, looks, { stepMs, nowMs }) : [];
    const told = faults.map(({ fault, nodes, toMs }, i) => {
      const atMs = verdicts[i]?.first?.at ?? verdicts[i]?.seen?.at ?? toMs;
      return { type: fault, nodes, atMs, toMs };
    });
    const diagnoses = await diagnosesOf(told, { past, log }, signal);
    const lacks = [...(frame ? [] : ['metrics']), ...(looks.length > 0 ? [] : ['diagnosis'])];
    if (lacks.length > 0) terminal.say(`  The page lacks ${lacks.join(' and ')}: could not be read from Prometheus.`);
    return {
      faults: faults.map(({ fault: _, ...rest }, i) => ({
        ...rest,
        ...(verdicts[i] ? { verdict: verdicts[i], diagnosis: diagnoses[i] } : {}),
      })),
      lacks,
      ...(frame ? { frame } : {}),
      ...(ranks ? { ranks } : {}),
    };
  } finally {
    timer.dispose();
    leaving.dispose();
    terminal.status('');
  }
}
