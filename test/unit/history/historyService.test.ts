import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { systemClock } from '../../../src/core/base/clock';
import { HistoryService } from '../../../src/ui/history/historyService';
import type { ClusterSession, SessionManager } from '../../../src/ui/session/session';
import { keepingLog } from '../connection/keepingLog';
import { workspace } from '../editor/vscode';
import { lifeWorld, type LifeWorld } from '../lifecycle/cluster';

let directory: string;
let world: LifeWorld;
const log = keepingLog();

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'distdiag-history-'));
  world = await lifeWorld();
});

afterEach(async () => {
  await world.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A window of the workspace; `see` connects it as a view would. */
function openWindow(): { keeper: HistoryService; see: () => () => void } {
  const folder = { path: path.join(directory, 'storage') } as unknown as vscode.Uri;
  const keeper = new HistoryService({ folder, clock: systemClock, log: log.log });
  let opened: (session: ClusterSession) => void = () => undefined;
  const none = { dispose: () => undefined };
  keeper.follow({
    onDidOpen: (listener: typeof opened) => {
      opened = listener;
      return none;
    },
    onDidChange: () => none,
  } as unknown as SessionManager);
  const see = (): (() => void) => {
    const { store, cluster, connection } = world;
    opened({ store, clock: cluster.clock, context: connection.context, server: connection.server } as ClusterSession);
    const seeing = store.subscribe(() => undefined);
    return () => seeing.dispose();
  };
  return { keeper, see };
}

const ends = (keeper: HistoryService): (string | undefined)[] => keeper.entries.map(({ end }) => end);
const file = (): string => path.join(directory, 'storage', 'history.json');

describe('the history of a workspace', () => {
  it('follows the cluster, survives the window, and shades the charts of the next one', async () => {
    const first = openWindow();
    first.see();
    const experiment = await world.inject('cpu_stress');
    await world.injection.stop(experiment.ref);
    await expect.poll(() => ends(first.keeper), { timeout: 5000 }).toEqual(['recovered']);
    await expect
      .poll(() => existsSync(file()) && readFileSync(file(), 'utf8'), { timeout: 5000 })
      .toContain('recovered');
    first.keeper.dispose();

    const next = openWindow().keeper;
    const { context, server } = world.connection;
    expect(await next.spans({ context, server })).toMatchObject([
      { key: experiment.key, label: 'cpu_stress', ours: true, nodes: [world.targets[0]?.pod] },
    ]);
    expect(await next.spans({ context, server: 'https://another' })).toEqual([]);
    expect(next.entries[0]).toMatchObject({ injected: 1, total: 1, context: 'distdiag-demo' });
    await next.clear();
    expect((await openWindow().keeper.spans({ context, server })).length).toBe(0);
  });

  it('says of what went while no window was open that nobody saw how', async () => {
    const first = openWindow();
    const close = first.see();
    const experiment = await world.inject('cpu_stress');
    await expect.poll(() => existsSync(file()), { timeout: 5000 }).toBe(true);
    close();
    first.keeper.dispose();
    world.store.dispose();
    await world.connection.experiments.delete(experiment.ref);
    await expect.poll(() => world.live(experiment), { timeout: 5000 }).toBeUndefined();
    await world.reconnect();
    const next = openWindow();
    next.see();
    await expect.poll(() => ends(next.keeper), { timeout: 5000 }).toEqual(['vanished']);
  });

  it('that is damaged is put aside, and begins anew', async () => {
    mkdirSync(path.join(directory, 'storage'));
    writeFileSync(file(), '{"version":1,"entries":[{"end":');
    const { keeper, see } = openWindow();
    await keeper.load();
    expect(keeper.entries).toEqual([]);
    expect(readFileSync(file().replace('.json', '.damaged.json'), 'utf8')).toContain('"version":1');
    see();
    const experiment = await world.inject('cpu_stress');
    await world.injection.stop(experiment.ref);
    await expect.poll(() => ends(keeper), { timeout: 5000 }).toEqual(['recovered']);
    await expect.poll(() => readFileSync(file(), 'utf8'), { timeout: 5000 }).toContain('recovered');
  });

  it('is not written over while it cannot be read', async () => {
    const first = openWindow();
    const close = first.see();
    const old = await world.inject('cpu_stress');
    await world.injection.stop(old.ref);
    await expect
      .poll(() => existsSync(file()) && readFileSync(file(), 'utf8'), { timeout: 5000 })
      .toContain('recovered');
    close();
    first.keeper.dispose();
    const kept = readFileSync(file(), 'utf8');
    const busy = vi
      .spyOn(workspace.fs, 'readFile')
      .mockRejectedValue(Object.assign(new Error('busy'), { code: 'EBUSY' }));
    try {
      const { keeper, see } = openWindow();
      see();
      const next = await world.inject('memory_stress');
      await expect.poll(() => log.text(), { timeout: 5000 }).toContain('could not be written');
      expect(readFileSync(file(), 'utf8')).toBe(kept);
      busy.mockRestore();
      await world.injection.stop(next.ref);
      // As soon as it can be read, both are there.
      await expect.poll(() => readFileSync(file(), 'utf8'), { timeout: 5000 }).toContain(next.ref.name);
      expect(readFileSync(file(), 'utf8')).toContain(old.ref.name);
      expect(keeper.entries.map(({ experiment }) => experiment.ref.name).sort()).toEqual(
        [next.ref.name, old.ref.name].sort(),
      );
    } finally {
      busy.mockRestore();
    }
  });

  it('tells a removal by force', async () => {
    const { keeper, see } = openWindow();
    see();
    const experiment = await world.inject('cpu_stress');
    world.cluster.controls.stopped = true;
    await world.connection.experiments.delete(experiment.ref);
    await world.connection.experiments.removeFinalizers(experiment.ref);
    await expect.poll(() => ends(keeper), { timeout: 5000 }).toEqual(['forced']);
  });
});
