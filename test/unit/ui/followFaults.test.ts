import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { ExperimentStore } from '../../../src/core/experimentStore';
import { InjectionService } from '../../../src/core/injection';
import { followFaults } from '../../../src/ui/followFaults';
import type { ClusterSession, SessionManager } from '../../../src/ui/session';
import type { StatusBar } from '../../../src/ui/statusBar';
import type { YamlDocuments } from '../../../src/ui/yamlDocuments';
import { ManualClock, settle, silentLog } from '../../support';
import { chaosObject, CREATED, experiment } from '../core/experiments';
import { FakeGateway } from '../core/fakes';

const { warnings, commands } = vi.hoisted(() => ({ warnings: [] as string[], commands: [] as string[] }));
vi.mock('vscode', () => ({
  l10n: {
    t: (text: string, ...args: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)])),
  },
  window: {
    showWarningMessage: (message: string, action: string) => {
      warnings.push(message);
      return Promise.resolve(action);
    },
  },
  commands: { executeCommand: (id: string) => void commands.push(id) },
}));

/** What outlives a window: its memory, and the cluster. */
const kept = new Map<string, unknown>();
let gateway: FakeGateway;
let clock: ManualClock;

beforeEach(() => {
  kept.clear();
  warnings.length = commands.length = 0;
  gateway = new FakeGateway();
  clock = new ManualClock(CREATED + 5000);
});

/** A window over the cluster; `open` connects it, as a view or a command does. */
function startWindow(context = 'dev'): { session: ClusterSession; open: () => void } {
  const store = new ExperimentStore({ gateway, clock });
  const injection = new InjectionService({ gateway, store, clock, log: silentLog });
  const session = { context, server: `https://${context}`, clock, store, injection } as unknown as ClusterSession;
  let opened: (session: ClusterSession) => void = () => undefined;
  const none = { dispose: () => undefined };
  const open = (): void => opened(session);
  const sessions = {
    onDidOpen: (listener: typeof opened) => {
      opened = listener;
      return none;
    },
    onDidChange: () => none,
    current: () => {
      open();
      return Promise.resolve(session);
    },
  } as unknown as SessionManager;
  const memory = {
    get: (key: string, fallback: unknown) => kept.get(key) ?? fallback,
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
  } as unknown as vscode.Memento;
  const statusBar = { show: () => undefined, hide: () => undefined } as unknown as StatusBar;
  const yaml = { refresh: () => undefined } as unknown as YamlDocuments;
  followFaults({ sessions, statusBar, yaml, memory, log: silentLog });
  return { session, open };
}

/** The contexts of the clusters on which faults of ours act, as far as is remembered. */
const remembered = (): string[] =>
  [...kept.values()].flatMap((value) =>
    Object.values(value as object).map(({ context }: { context: string }) => context),
  );

const policy = { context: 'dev', protectedContexts: [], protectedNamespaces: [] };
const inject = ({ injection }: ClusterSession): void =>
  void injection.injectManifest(chaosObject({ noStatus: true }), policy).catch(() => undefined);

describe('a window that was killed over its faults', () => {
  it('looks at its next start and says so, also where it was killed before the answer came', async () => {
    const before = startWindow();
    before.open();
    gateway.create = () => new Promise(() => undefined); // the answer never comes: the window is gone by then
    inject(before.session);
    await settle();
    expect(remembered()).toEqual(['dev']);

    startWindow();
    await settle();
    gateway.show(experiment({ records: [{ appliedAfterMs: 500 }] }));
    await settle();
    expect(warnings).toEqual(['A fault that was injected earlier still acts on dev.']);
    expect(commands).toEqual(['distdiag.stopAllAnomalies']);
  });

  it('does not forget over a list that was read before the creation', async () => {
    const { session, open } = startWindow();
    open();
    session.store.subscribe(() => undefined);
    gateway.create = () => new Promise(() => undefined);
    inject(session);
    await settle();
    gateway.show();
    expect(remembered()).toEqual(['dev']);
  });

  it('forgets when nothing acts any more, and then asks nothing at its start', async () => {
    const { session, open } = startWindow();
    open();
    session.store.subscribe(() => undefined);
    inject(session);
    await settle();
    gateway.show(experiment({ records: [{ appliedAfterMs: 500 }] }));
    expect(remembered()).toEqual(['dev']);
    gateway.show();
    expect(remembered()).toEqual([]);
    const asked = gateway.calls.length;
    startWindow();
    await settle();
    expect(gateway.calls).toHaveLength(asked);
    expect(warnings).toEqual([]);
  });

  it('does not forget what acts on one cluster over another on which nothing does', async () => {
    const before = startWindow();
    before.open();
    before.session.store.subscribe(() => undefined);
    inject(before.session);
    await settle();
    gateway.show(experiment({ records: [{ appliedAfterMs: 500 }] }));
    before.session.store.dispose();

    gateway = new FakeGateway();
    const other = startWindow('other');
    other.open();
    other.session.store.subscribe(() => undefined);
    await settle();
    gateway.show();
    expect(remembered()).toEqual(['dev']);

    warnings.length = 0;
    startWindow('other');
    await settle();
    expect(warnings).toEqual([
      'Faults that were injected earlier may still act on dev, which is not the cluster in use.',
    ]);
    clock.advance(24 * 3_600_000); // whatever acted there is over
    warnings.length = 0;
    startWindow('other');
    await settle();
    expect(warnings).toEqual([]);
  });

  it('understands what an earlier version has remembered', async () => {
    kept.set('distdiag.oursActing', true);
    startWindow();
    await settle();
    gateway.show(experiment({ records: [{ appliedAfterMs: 500 }] }));
    await settle();
    expect(warnings).toEqual(['A fault that was injected earlier still acts on dev.']);
  });
});
