import type { Log } from '../../../core/base/log';
import { distinct } from '../../../core/base/text';
import { chooseOurs, type Chosen } from '../../../core/stop/chosen';
import { endOwn, stopPart } from '../../../core/stop/stopOurs';
import { requireTrust } from '../../session/policy';
import type { ScriptedSession } from '../../session/session';
import { stopParts } from '../stopParts';

/** What would be stopped: these names, or everything of ours. */
export async function chooseToStop(
  session: ScriptedSession,
  log: Log,
  names: readonly string[] | undefined,
): Promise<Chosen> {
  requireTrust(session);
  return chooseOurs(stopParts(session, log), session.store.snapshot.experiments, names);
}

/** Stops what was chosen, and returns the outcome of each. */
export async function stopChosen(
  session: ScriptedSession,
  log: Log,
  { part, doubts }: Chosen,
  everything: boolean,
  signal?: AbortSignal,
): Promise<object> {
  requireTrust(session);
  const parts = stopParts(session, log);
  const own = everything ? await endOwn(parts) : [];
  const { stopped, failed, lost } = await stopPart(parts, part, signal ? { signal } : {});
  const notKnown = distinct([...doubts, ...[...own, ...lost].map(({ text }) => text)]).map(String);
  return {
    stopped: stopped.map(({ name }) => name),
    failed: failed.map(({ ref, error }) => ({ name: ref.name, reason: error.message })),
    ...(notKnown.length > 0 ? { notKnown } : {}),
  };
}
