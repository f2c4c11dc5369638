import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FirstSight } from '../../../src/ui/session/firstSight';
import { commands } from '../editor/vscode';

const done: string[] = [];
commands.executeCommand = async (command) => {
  await Promise.resolve();
  done.push(command as string);
};

/** A machine: what it remembers outlives a window. */
function machine(): { open: (demo?: boolean) => FirstSight } {
  const kept = new Map<string, unknown>();
  const memory = {
    keys: () => [...kept.keys()],
    get: (key: string) => kept.get(key),
    update: (key: string, value: unknown) => (kept.set(key, value), Promise.resolve()),
  };
  return {
    open: (demo = false) => {
      vi.stubEnv('DISTDIAG_DEMO_WINDOW', demo ? '1' : undefined);
      const panel = { show: (_?: string, place?: object) => void done.push(`panel ${JSON.stringify(place)}`) };
      return new FirstSight({ memory: memory as never, panel });
    },
  };
}

beforeEach(() => void (done.length = 0));

describe('a newcomer', () => {
  it('sees the charts when a cluster is connected for the first time, and is left alone afterwards', async () => {
    const { open } = machine();
    const window = open();
    expect(done).toEqual([]);
    await window.connected();
    await window.connected();
    await open().connected();
    expect(done).toEqual(['panel {"beside":false,"quiet":true}']);
  });

  it('is led by the walkthrough in the demo’s window, with the panel beside it', async () => {
    await machine().open(true).connected();
    expect(done).toEqual([
      'setContext',
      'workbench.view.extension.distdiag',
      'workbench.action.openWalkthrough',
      'panel {"beside":true,"quiet":true}',
    ]);
  });
});
