import { expect, it } from 'vitest';
import { ExperimentStore } from '../../../src/core/experiments/store';
import type { ClusterSession, SessionManager } from '../../../src/ui/session/session';
import { runningBadge } from '../../../src/ui/tree/runningBadge';
import { ManualClock } from '../../support';
import { CREATED, experiment } from '../experiments/experiments';
import { FakeGateway } from '../injection/fakes';

it('counts what runs while others watch, and nothing of a cluster that was left', () => {
  const gateway = new FakeGateway();
  const clock = new ManualClock(CREATED + 5000);
  const store = new ExperimentStore({ gateway, clock });
  let opened: (session: ClusterSession) => void = () => undefined;
  let left: () => void = () => undefined;
  const none = { dispose: () => undefined };
  const sessions = {
    onDidOpen: (listener: typeof opened) => ((opened = listener), none),
    onDidChange: (listener: typeof left) => ((left = listener), none),
  } as unknown as SessionManager;
  const view: { badge: unknown } = { badge: undefined };
  runningBadge(view as never, sessions);
  opened({ store, clock } as unknown as ClusterSession);
  store.subscribe(() => undefined); // the panel, say
  gateway.show(experiment({ records: [{ appliedAfterMs: 500 }] }));
  expect(view.badge).toEqual({ value: 1, tooltip: '1 experiment is running' });
  gateway.show();
  expect(view.badge).toBeUndefined();
  gateway.show(experiment({ records: [{ appliedAfterMs: 500 }] }));
  left();
  expect(view.badge).toBeUndefined();
  gateway.show(experiment({ records: [{ appliedAfterMs: 500 }] }));
  expect(view.badge).toBeUndefined();
});
