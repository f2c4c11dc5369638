import { beforeEach, describe, expect, it } from 'vitest';
import type * as vscode from 'vscode';
import { AppError } from '../../../src/core/base/errors';
import type { ChaosObject, Experiment } from '../../../src/core/experiments/experiment';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { InjectionService } from '../../../src/core/injection/injection';
import type { ExperimentSnapshot } from '../../../src/core/experiments/gateway';
import { followFaults } from '../../../src/ui/session/followFaults';
import type { ClusterSession, SessionManager } from '../../../src/ui/session/session';
import type { StatusBar } from '../../../src/ui/session/statusBar';
import type { YamlDocuments } from '../../../src/ui/documents/yamlDocuments';
import { ManualClock, settle, silentLog } from '../../support';
import { chaosObject, CREATED, experiment } from '../experiments/experiments';
import { desk } from '../editor/desk';
import { window } from '../editor/vscode';
import { HeldCluster } from '../injection/heldCluster';

const warnings: string[] = [];
/** Presses the button of every warning. */
window.showWarningMessage = (message, action) => {
  warnings.push(message);
  return Promise.resolve(action as string);
};

/** A cluster whose experiments are those that are shown; its workflows and schedules those that were added. */
class Window extends HeldCluster {
  override snapshot(): ExperimentSnapshot {
    return { ...super.snapshot(), experiments: this.experiments };
  }
}

/** What outlives a window: its memory, and the cluster. */
const kept = new Map<string, unknown>();
let gateway: Window;
let clock: ManualClock;

beforeEach(() => {
  kept.clear();
  warnings.length = 0;
  desk.clear();
  gateway = new Window();
  clock = new ManualClock(CREATED + 5000);
});

/** A window over the cluster; `open` connects it, as a view or a command does. */
function startWindow(context = 'dev'): { session: ClusterSession; open: () => void } {
  const store = new ExperimentStore({ gateway, clock });
  const injection = new InjectionService({ gateway, store, clock, log: silentLog });
  const { orchestration } = gateway;
  const session = {
    context,
    server: `https://${context}`,
    clock,
    store,
    injection,
    orchestration,
  } as unknown as ClusterSession;
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
    expect(warnings).toEqual(['A fault injected earlier is still running on dev.']);
    expect(desk.commands).toEqual([['distdiag.stopAllAnomalies']]);
  });

  it('does not forget over a list that was read before the creation', async () => {
    const { session, open } = startWindow();
    open();
    session.store.subscribe(() => undefined);
    gateway.create = () => new Promise(() => undefined);
    inject(session);
    await settle();
    gateway.show();
    await settle();
    expect(remembered()).toEqual(['dev']);
  });

  it('forgets when nothing acts any more, and then asks nothing at its start', async () => {
    const { session, open } = startWindow();
    open();
    session.store.subscribe(() => undefined);
    inject(session);
    await settle();
    gateway.show(experiment({ records: [{ appliedAfterMs: 500 }] }));
    await settle();
    expect(remembered()).toEqual(['dev']);
    gateway.show();
    await settle();
    expect(remembered()).toEqual([]);
    const asked = gateway.calls.length;
    startWindow();
    await settle();
    expect(gateway.calls).toHaveLength(asked);
    expect(warnings).toEqual([]);
  });

  it('does not forget over a list of some namespaces only', async () => {
    const { session, open } = startWindow();
    open();
    session.store.subscribe(() => undefined);
    inject(session);
    await settle();
    gateway.tell({ experiments: [], health: { state: 'live' }, missingKinds: [], onlyIn: ['oceanbase'] });
    gateway.show(experiment({ records: [{ appliedAfterMs: 500 }] }));
    await settle();
    gateway.tell({ experiments: [], health: { state: 'live' }, missingKinds: [], onlyIn: ['oceanbase'] });
    await settle();
    expect(remembered()).toEqual(['dev']);
  });

  it('does not forget what acts on one cluster over another on which nothing does', async () => {
    const before = startWindow();
    before.open();
    before.session.store.subscribe(() => undefined);
    inject(before.session);
    await settle();
    gateway.show(experiment({ records: [{ appliedAfterMs: 500 }] }));
    await settle();
    before.session.store.dispose();

    gateway = new Window();
    const other = startWindow('other');
    other.open();
    other.session.store.subscribe(() => undefined);
    await settle();
    gateway.show();
    await settle();
    expect(remembered()).toEqual(['dev']);

    warnings.length = 0;
    startWindow('other');
    await settle();
    expect(warnings).toEqual([
      'Faults injected earlier may still be running on dev, which is not the current cluster.',
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
    expect(warnings).toEqual(['A fault injected earlier is still running on dev.']);
  });
});

describe('a window that was closed over what starts faults by itself', () => {
  const schedule = (): ChaosObject =>
    Object.assign(gateway.addOurs('often', 'Schedule'), { spec: { schedule: '@every 1h', type: 'StressChaos' } });
  const injected = { records: [{ appliedAfterMs: 500 }] };

  /** A window that has seen the cluster as it is, and is closed. */
  async function seen(...experiments: Experiment[]): Promise<void> {
    const { session, open } = startWindow();
    open();
    const subscription = session.store.subscribe(() => undefined);
    gateway.show(...experiments);
    await settle();
    subscription.dispose();
    session.store.dispose();
  }

  it('says at its next start that a schedule goes on, though nothing acts just then', async () => {
    schedule();
    await seen();
    expect(remembered()).toEqual(['dev']);
    startWindow();
    await settle();
    gateway.show();
    await settle();
    expect(warnings).toEqual(['Objects created earlier keep starting faults on dev: Schedule often.']);
  });

  it('counts what a workflow has started, and forgets when all of it is gone', async () => {
    const flow = gateway.addOurs('flow', 'Workflow');
    const child = experiment({ ...injected, ours: false });
    child.object.metadata['ownerReferences'] = [{ uid: flow.metadata.uid }];
    await seen(child);
    expect(remembered()).toEqual(['dev']);
    startWindow();
    await settle();
    gateway.show(child);
    await settle();
    expect(warnings).toEqual([
      'A fault injected earlier is still running on dev. Objects created earlier keep starting faults on dev: Workflow flow.',
    ]);
    gateway.objects.length = 0;
    await seen();
    expect(remembered()).toEqual([]);
  });

  it('remembers a step whose workflow is gone while it still acts', async () => {
    const flow = gateway.addOurs('flow', 'Workflow');
    const child = experiment({ ...injected, ours: false });
    child.object.metadata['ownerReferences'] = [{ uid: flow.metadata.uid }];
    const { session, open } = startWindow();
    open();
    session.store.subscribe(() => undefined);
    gateway.show(child);
    await settle();
    gateway.objects.length = 0;
    gateway.show(child, experiment({ ...injected, name: 'theirs', ours: false }));
    await settle();
    expect(remembered()).toEqual(['dev']);
    gateway.show();
    await settle();
    expect(remembered()).toEqual([]);
  });

  it('writes down that a schedule acts until it is stopped, before it is created', async () => {
    const { session, open } = startWindow();
    open();
    gateway.create = () => new Promise(() => undefined);
    const manifest = chaosObject({ kind: 'Schedule', noStatus: true });
    void session.injection.createStarter(manifest, policy).catch(() => undefined);
    await settle();
    clock.advance(30 * 24 * 3_600_000);
    startWindow('other');
    await settle();
    expect(warnings.join()).toContain('may still be running on dev');
  });

  it('forgets nothing where what starts faults could not be listed', async () => {
    schedule();
    await seen();
    gateway.objects.length = 0;
    gateway.lost = [{ kind: 'Schedule', error: new AppError('server', 'HTTP 500') }];
    await seen();
    expect(remembered()).toEqual(['dev']);
  });
});
