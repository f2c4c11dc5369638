import type { Log } from '../../core/base/log';
import type { StopParts } from '../../core/stop/stopOurs';
import type { ScriptedSession } from '../session/session';

/** What stopping everything of ours on a session's cluster needs. */
export const stopParts = (
  { experiments, orchestration, injection, scenarios, clock }: ScriptedSession,
  log: Log,
): StopParts => ({ gateway: experiments, orchestration, injection, scenarios, clock, log });
