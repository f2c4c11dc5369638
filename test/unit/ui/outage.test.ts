import { describe, expect, it } from 'vitest';
import { AppError, toAppError } from '../../../src/core/base/errors';
import { createReliably, setPausedReliably } from '../../../src/core/injection/reliableRequests';
import { ExperimentStore } from '../../../src/core/experiments/store';
import type { MonitorHealth } from '../../../src/core/monitoring/monitorState';
import type { ExperimentSnapshot } from '../../../src/core/experiments/gateway';
import { isOutage, showOutage } from '../../../src/ui/session/outage';
import type { DiagnosisState } from '../../../src/core/monitoring/diagnosisState';
import { outageWords } from '../../../src/ui/tree/outageWords';
import { ManualClock, settle, silentLog } from '../../support';
import { window } from '../editor/vscode';
import { FakeGateway } from '../injection/fakes';
import { experiment } from '../experiments/experiments';

const shown = { titles: [] as string[], open: 0, leave: undefined as (() => void) | undefined };
window.withProgress = async ({ title }: { title: string }, work) => {
  shown.titles.push(title);
  shown.open += 1;
  const token = { onCancellationRequested: (leave: () => void) => ((shown.leave = leave), { dispose: () => {} }) };
  await (work({}, token) as Promise<void>).finally(() => (shown.open -= 1));
};

const server = 'https://10.0.0.1:6443';
const refused = new AppError('unreachable', `list the pods of oceanbase: ${server} refused the connection.`, {
  hint: 'Check that the cluster is running.',
  unreached: server,
});

describe('an outage that a command met', () => {
  const start = (): { clock: ManualClock; gateway: FakeGateway; store: ExperimentStore; done: Promise<void> } => {
    const clock = new ManualClock();
    const gateway = new FakeGateway();
    const store = new ExperimentStore({ gateway, clock });
    return { clock, gateway, store, done: showOutage(refused, { server, store, clock }) };
  };

  it('is told until the cluster answers again', async () => {
    const { clock, gateway, store, done } = start();
    expect(shown.titles.at(-1)).toContain('refused the connection. Check that');
    const error = refused;
    gateway.tell({ ...gateway.snapshot(), health: { state: 'stale', since: clock.now(), error } });
    clock.advance(20_000);
    await settle();
    expect(shown.open).toBe(1);
    gateway.tell(gateway.snapshot());
    await done;
    expect(shown.open).toBe(0);
    store.dispose();
  });

  it('can be read where it is over at once, and left', async () => {
    const { clock, gateway, store, done } = start();
    gateway.tell(gateway.snapshot());
    await settle();
    expect(shown.open).toBe(1);
    clock.advance(8000);
    await done;
    store.dispose();
    const other = start();
    shown.leave?.();
    await other.done;
    expect(shown.open).toBe(0);
    other.store.dispose();
  });

  it('is one of the cluster, not of another server and no other error', () => {
    expect(isOutage(refused, { server })).toBe(true);
    expect(isOutage(refused, { server: 'https://other' })).toBe(false);
    expect(isOutage(new AppError('forbidden', `${server} forbids it`), { server })).toBe(false);
    expect(isOutage(new AppError('timeout', `${server} did not answer: it is not known`), { server })).toBe(false);
  });
});

it('what may have been done is no outage, though the server was lost over it', async () => {
  const clock = { now: () => 0, after: (_: number, work: () => void) => (queueMicrotask(work), { dispose: () => {} }) };
  const lost = (): Promise<never> => Promise.reject(refused);
  const gateway = { create: lost, get: lost, setPaused: lost } as unknown as FakeGateway;
  const parts = { gateway, clock, log: silentLog };
  const { ref, object } = experiment({ records: [] });
  for (const work of [createReliably(parts, object), setPausedReliably(parts, ref, false)]) {
    const error = await work.then(() => undefined, toAppError);
    expect(error?.message).toContain(server);
    expect(isOutage(error as AppError, { server })).toBe(false);
  }
});

describe('what the nodes’ view says of an outage', () => {
  const stale: Extract<MonitorHealth, { state: 'stale' }> = { state: 'stale', since: 0, error: refused };
  const list = (message: string, experiments: number): ExperimentSnapshot => ({
    experiments: Array.from({ length: experiments }, () => experiment()),
    health: { state: 'stale', since: 0, error: new AppError('unreachable', message) },
    missingKinds: [],
  });

  it('is its time alone where the list of experiments tells the reason', () => {
    const same = `${server} refused the connection.`;
    const known: DiagnosisState = {
      ...{ state: 'unknown', reason: refused.message, since: 0 },
      ...{ readyInMs: undefined, unknownNodes: [] },
    };
    const told = (list: ExperimentSnapshot | undefined): string => outageWords(known, stale, list);
    expect(told(list(same, 1))).toMatch(/^Unknown – last checked \d\d:\d\d:\d\d$/);
    // Without rows that view has a welcome and no reason.
    expect(told(list(same, 0))).toContain('refused the connection');
    expect(told(list('https://other refused the connection.', 1))).toContain(server);
    expect(told(undefined)).toContain(server);
  });
});
