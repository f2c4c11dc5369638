import { toAppError, type AppError } from '../errors';
import type { InjectionService } from '../injection';
import type { ScenarioRuns } from '../scenario/runs';
import { deleteSurely, type SureParts } from '../surely';
import type { OrchestrationGateway } from './orchestration';

/**
 * Ends whatever of ours would start experiments behind those that are being stopped: this window's injections that are
 * under way, its scenarios, and our workflows and schedules in the cluster. What could not be ended is told, and keeps nothing else from ending.
 */
export async function stopStarters(
  parts: SureParts,
  injection: Pick<InjectionService, 'recall'>,
  scenarios: Pick<ScenarioRuns, 'stopAll'>,
  orchestration: Pick<OrchestrationGateway, 'ours'>,
  signal?: AbortSignal,
): Promise<AppError[]> {
  const errors: AppError[] = [];
  const attempt = async (work: () => PromiseLike<unknown>): Promise<void> => {
    try {
      await work();
    } catch (thrown) {
      errors.push(toAppError(thrown));
    }
  };
  await Promise.all([
    attempt(() => injection.recall()),
    attempt(() => scenarios.stopAll()),
    attempt(async () => {
      const refs = await orchestration.ours(signal);
      await Promise.all(refs.map((ref) => attempt(() => deleteSurely(parts, ref))));
    }),
  ]);
  return errors;
}
