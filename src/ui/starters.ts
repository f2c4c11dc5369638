import type { AppError } from '../core/errors';
import { stopStarters } from '../core/orchestration/stopStarters';
import type { Log } from '../core/ports';
import type { ClusterSession } from './session';

/** Ends what of ours would start experiments by itself on the session's cluster; gives what could not be ended. */
export function endStarters(
  { experiments, clock, injection, scenarios, orchestration }: ClusterSession,
  log: Log,
  signal?: AbortSignal,
): Promise<AppError[]> {
  return stopStarters({ gateway: experiments, clock, log }, injection, scenarios, orchestration, signal);
}
