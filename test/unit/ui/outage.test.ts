import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../src/core/base/errors';
import { ExperimentStore } from '../../../src/core/experiments/store';
import type { MonitorHealth } from '../../../src/core/monitoring/monitorState';
import type { ExperimentSnapshot } from '../../../src/core/experiments/gateway';
import { isOutage, showOutage } from '../../../src/ui/session/outage';
import type { DiagnosisState } from '../../../src/core/monitoring/diagnosisState';
import { outageWords } from '../../../src/ui/tree/outageWords';
import { ManualClock, settle } from '../../support';
import { FakeGateway } from '../injection/fakes';
import { experiment } from '../experiments/experiments';

const shown = vi.hoisted(() => ({ titles: [] as string[], open: 0, leave: undefined as (() => void) | undefined }));
vi.mock('vscode', () => ({
  env: { language: 'en' },
  l10n: {
    t: (text: string, ...args: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)])),
  },
  ProgressLocation: { Notification: 15 },
  window: {
    withProgress: async ({ title }: { title: string }, work: (progress: unknown, token: unknown) => Promise<void>) => {
      shown.titles.push(title);
      shown.open += 1;
      const token = { onCancellationRequested: (leave: () => void) => ((shown.leave = leave), { dispose: () => {} }) };
      await work({}, token).finally(() => (shown.open -= 1));
    },
  },
}));

const server = 'https://10.0.0.1:6443';
const refused = new AppError('unreachable', `list the pods of oceanbase: ${server} refused the connection.`, {
  hint: 'Check that the cluster is running.',
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
  });
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
