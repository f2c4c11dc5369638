import { formatPercent } from '../../../src/core/base/percent';
import { faultTitle, defaultParameters, type AnomalyType } from '../../../src/core/faults/catalogue';
import { reasonText } from '../../../src/core/diagnosis/reasonText';
import { diagnosisState, type DiagnosisState } from '../../../src/core/monitoring/diagnosisState';
import type { MonitorState } from '../../../src/core/monitoring/monitorState';
import { validatePlan, type InjectionPlan, type InjectionPolicy } from '../../../src/core/injection/plan';
import { sleep } from '../../../src/core/time/waiting';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import type { ExperimentVerdict } from '../../../src/core/evaluation/verdict';
import type { TourWorld } from './tourWorld';
import { witness } from './witness';

export interface TourOptions {
  types: readonly AnomalyType[];
  say: (line: string) => void;
  signal: AbortSignal;
  /** How long an anomaly may take to be named, and the database to be healthy again. */
  seeMs: number;
  healMs: number;
}

/** Runs the tour; true when everything was as it should be. */
export async function runTour(world: TourWorld, options: TourOptions): Promise<boolean> {
  const { types, say, signal } = options;
  const targets = await world.targets.list(world.query, signal);
  say(
    `context ${world.context}, Prometheus ${world.prometheus}, ${targets.length} nodes: ${targets.map(({ pod }) => pod).join(', ')}`,
  );
  if (targets.length === 0) throw new Error('no pod matches the target selector');
  const info = await waitFor(world, options.healMs, signal, (state) => known(world, state).state === 'normal');
  say(
    `before: ${describe(info.state, known(world, info.state))} (answered by ${info.state.diagnosis?.info.answeredBy})`,
  );
  let good = info.met;
  let passed = 0;
  for (const [index, type] of types.entries()) {
    const target = targets[index % targets.length] as DatabasePod;
    say(`\n== ${faultTitle(type)} on ${target.pod}`);
    const right = await one(world, type, target, options);
    if (right) passed += 1;
    good &&= right;
  }
  say(`\n${passed} of ${types.length} anomalies diagnosed right; ${good ? 'the tour passed' : 'the tour FAILED'}`);
  return good;
}

async function one(
  world: TourWorld,
  type: AnomalyType,
  target: DatabasePod,
  { say, signal, seeMs, healMs }: TourOptions,
): Promise<boolean> {
  const plan: InjectionPlan = {
    type,
    targets: [target],
    parameters: defaultParameters(type),
    durationMs: 10 * 60_000,
    chaosNamespace: world.query.namespace,
    container: world.query.container,
    createdBy: 'tour',
  };
  const policy: InjectionPolicy = {
    context: world.context,
    protectedContexts: [],
    protectedNamespaces: ['kube-system'],
    clusterSize: 3,
  };
  for (const { message } of validatePlan(plan, policy).warnings) say(`warning: ${message}`);
  const counter = witness(type, target.pod, world.monitor.state.frame);
  const experiment = await world.injection.inject(plan, policy, { signal });
  const injected = world.clock.now();
  say(`running: ${experiment.ref.kind} ${experiment.ref.namespace}/${experiment.ref.name}: ${experiment.summary}`);
  try {
    let last = '';
    let moved = false;
    const since = (): string => `${Math.round((world.clock.now() - injected) / 1000)} s`;
    const seen = await waitFor(
      world,
      seeMs,
      signal,
      (state) => {
        const { diagnosis, frame } = state;
        const text = describe(state, known(world, state));
        if (text !== last) say(`  +${since()}  ${(last = text)}`);
        const seen = counter(frame);
        if (seen.moved && !moved) say(`  +${since()}  ${seen.text}`);
        moved ||= seen.moved;
        const [first] = diagnosis?.ranking ?? [];
        return moved && first?.named === true && first.node === target.pod && first.type === type;
      },
      2,
    );
    const [first] = seen.state.diagnosis?.ranking ?? [];
    for (const reason of first?.reasons ?? []) say(`     ${reasonText(reason)}`);
    const spans = world.store.spans.some((span) => span.key === experiment.key && span.nodes.includes(target.pod));
    if (!spans) say('the experiment has no span on the charts: WRONG');
    if (!moved) say(`not in the counters: ${counter(seen.state.frame).text}: WRONG`);
    say(seen.met ? `top diagnosis after ${since()}: right` : `not the top diagnosis within ${seeMs / 1000} s: WRONG`);
    await world.injection.stop(experiment.ref, { signal });
    say('stopped: the experiment is gone');
    const over = (state: MonitorState): boolean =>
      known(world, state).state === 'normal' && !counter(state.frame).moved;
    const healed = await waitFor(world, healMs, signal, over, 2);
    const after = `${describe(healed.state, known(world, healed.state))}; ${counter(healed.state.frame).text}`;
    say(healed.met ? `healthy again: ${after}` : `still not healthy: ${after}: WRONG`);
    say(`score: ${scoreText(world.evaluator.verdictOf(experiment.key))}`);
    return seen.met && spans && healed.met;
  } finally {
    await world.experiments.delete(experiment.ref).catch(() => undefined);
  }
}

/** Refreshes every step until the condition held `times` times in a row, or the time is over. */
async function waitFor(
  world: TourWorld,
  limitMs: number,
  signal: AbortSignal,
  condition: (state: MonitorState) => boolean,
  times = 1,
): Promise<{ met: boolean; state: MonitorState }> {
  const since = world.clock.now();
  let held = 0;
  for (;;) {
    const state = await world.monitor.refresh(signal);
    if (state.health.state === 'failed') throw state.health.error;
    held = condition(state) ? held + 1 : 0;
    if (held >= times) return { met: true, state };
    if (world.clock.now() - since > limitMs) return { met: false, state };
    await sleep(world.clock, world.stepMs, signal);
  }
}

/** How the diagnosis treated an experiment. */
function scoreText(verdict: ExperimentVerdict | undefined): string {
  if (!verdict?.seen) return verdict?.state ?? 'unknown';
  const after = (what: string, delay: { afterMs: number } | undefined): string =>
    `${what} ${delay ? `after ${Math.round(delay.afterMs / 1000)} s` : 'not yet'}`;
  const { seen, first, healed, falseNames } = verdict;
  return `${after('detected', seen)}, ${after('top diagnosis', first)}, ${after('recovery detected', healed)}, ${falseNames.length} false diagnoses`;
}

const known = ({ clock }: TourWorld, state: MonitorState): DiagnosisState => diagnosisState(state, clock.now());

function describe({ diagnosis }: MonitorState, { state, reason }: DiagnosisState): string {
  if (state === 'normal') return 'no anomaly detected';
  if (!diagnosis || state !== 'anomalous') return [state, reason].filter(Boolean).join(': ');
  return diagnosis.ranking
    .filter(({ named }) => named)
    .map(({ node, type, probability }) => `<${node}, ${type}> ${formatPercent(probability)}`)
    .join(', ');
}
