import { expect, it, vi } from 'vitest';
import { saveExperimentReport } from '../../../src/ui/commands/experiments/saveReport';
import type { CommandContext } from '../../../src/ui/commands/context';
import type * as fake from './fakeVscode';

const { desk } = await vi.hoisted(async () => {
  const { Desk } = await import('./fakeVscode');
  return { desk: new Desk() };
});
vi.mock('vscode', async () => {
  const { fakeVscode } = await vi.importActual<typeof fake>('./fakeVscode');
  return {
    ...fakeVscode(desk, () => ({ provideTextDocumentContent: () => '' })),
    extensions: { getExtension: () => undefined },
    env: { appName: 'Editor' },
    version: '1',
  };
});

it.each([
  ['a running experiment', { type: 'experiment', experiment: { key: 'running' } }, 'running'],
  ['one of the history', { type: 'past', entry: { experiment: { key: 'ended' } } }, 'ended'],
  ['a key', 'named', 'named'],
])('is of the row that it is called on: %s', async (_, row, key) => {
  const asked: string[] = [];
  const session = {
    monitor: { state: { targets: [] } },
    store: { snapshot: { experiments: [] } },
    report: (of: string) => {
      asked.push(of);
      return Promise.reject(new Error('enough'));
    },
  };
  const context = {
    sessions: { current: () => Promise.resolve(session) },
    history: { entries: [], load: () => Promise.resolve() },
    testRuns: { of: () => Promise.resolve([]) },
  } as unknown as CommandContext;
  await expect(saveExperimentReport.run(context, row)).rejects.toThrow('enough');
  expect(asked).toEqual([key]);
  expect(desk.texts('pick')).toEqual([]);
});
