import { derivePhase } from '../core/experiments/phase';
import { summarize } from '../core/experiments/summary';
import { emergencyStop, isOver } from '../core/stop/emergencyStop';
import type { CliSession } from './session';

type Say = (line: string) => void;

/** Lists the experiments of the cluster, one a line: phase, namespace/name, owner, what it does, its pods; 2 where not all could be listed. */
export async function listExperiments(session: CliSession, say: Say): Promise<number> {
  const { experiments, health, missingKinds } = await session.experiments.list();
  for (const one of experiments) {
    const { phase } = derivePhase(one, session.clock.now());
    const pods = [...new Set(one.targets.map(({ pod }) => pod))].join(',');
    const { namespace, name } = one.ref;
    say([phase, `${namespace}/${name}`, one.ours ? 'ours' : 'others', summarize(one.object), pods].join('\t'));
  }
  const unlisted = missingKinds.filter(({ error }) => error.code !== 'notInstalled');
  for (const { kind, error } of unlisted) say(`${kind} could not be listed: ${error.message}`);
  if ('error' in health) say(health.error.message);
  return 'error' in health || unlisted.length > 0 ? 2 : 0;
}

/** Stops everything of ours as the emergency stop of the editor does; 1 where something may still be running. */
export async function stopAll(session: CliSession, say: Say): Promise<number> {
  const { experiments: gateway, orchestration, injection, scenarios, clock, log } = session;
  const parts = { gateway, orchestration, injection, scenarios, clock, log };
  const { outcomes, lost, unlisted, listError } = await emergencyStop(parts, []);
  for (const outcome of outcomes) {
    const { ref } = outcome.experiment;
    const error = outcome.deleteError ?? outcome.pauseError;
    say(`${ref.namespace}/${ref.name}: ${outcome.end}${!isOver(outcome) && error ? `: ${error.message}` : ''}`);
  }
  for (const error of [...lost, ...unlisted.map((one) => one.error), ...(listError ? [listError] : [])])
    say(error.message);
  if (outcomes.length === 0) say('Nothing of DistDiag was found.');
  const sure = lost.length === 0 && unlisted.length === 0 && listError === undefined;
  return sure && outcomes.every(isOver) ? 0 : 1;
}
