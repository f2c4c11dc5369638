import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../src/core/diagnosis/types';
import { AppError } from '../../../src/core/base/errors';
import type { MonitorState } from '../../../src/core/monitoring/monitorState';
import { createApi, type DistDiagApi } from '../../../src/ui/scripting/api';
import type { SessionManager } from '../../../src/ui/session/session';
import { ManualClock, silentLog } from '../../support';
import { span } from '../evaluation/build';

const AT = 1_800_000_000_000;
const diagnosis = {
  from: AT - 15_000,
  at: AT,
  healthy: true,
  ranking: [],
  nodes: [{ node: 'b', rank: 0.01, influence: 1, anomalous: false }],
  unjudged: [],
  lost: [],
} as unknown as Diagnosis;

/** The API over a monitor that shows this; the panel is paused, which says nothing of what is asked for anew. */
function apiOver(change: Partial<MonitorState>): DistDiagApi {
  const seen = {
    health: { state: 'live', updatedAt: AT },
    diagnosis,
    problems: [],
    spans: [],
    freshMs: 60_000,
    live: false,
    ...change,
  };
  const monitor = { refresh: () => Promise.resolve(seen) };
  const clock = new ManualClock(AT + 2000);
  const store = {
    spans: seen.spans,
    subscribe: (listener: (snapshot: object) => void) => {
      listener({ health: { state: 'live' } });
      return { dispose: () => undefined };
    },
  };
  const session = { monitor, clock, store };
  return createApi(
    { current: () => Promise.resolve(session) } as unknown as SessionManager,
    'test',
    silentLog,
  ) as DistDiagApi;
}

describe('the answer to programs', () => {
  it('is healthy where no anomaly was detected in a whole window', async () => {
    const answer = await apiOver({}).diagnose();
    expect(answer).toMatchObject({ healthy: true, state: 'normal', since: AT, unknownNodes: [] });
    expect(answer).not.toHaveProperty('unjudged');
  });

  it('is not healthy where a node is not known, and names it', async () => {
    const unjudged = [{ node: 'c', why: 'silent' as const, readyInMs: 0 }];
    expect(await apiOver({ diagnosis: { ...diagnosis, unjudged } }).diagnose()).toMatchObject({
      healthy: false,
      state: 'unknown',
      reason: 'No samples from c in this window.',
      unknownNodes: [{ node: 'c' }],
    });
  });

  it('is not healthy right after an injection', async () => {
    const begun = { ...span('x', 'cpu_stress', ['b'], 0, undefined), fromMs: AT - 10_000 };
    expect(await apiOver({ spans: [begun] }).diagnose()).toMatchObject({
      healthy: false,
      state: 'collecting',
      readyInMs: 50_000,
    });
  });

  it('is the reason where the metrics cannot be had', async () => {
    const error = new AppError('unreachable', 'It refused the connection.');
    await expect(apiOver({ health: { state: 'stale', since: AT, error } }).diagnose()).rejects.toBe(error);
  });
});
