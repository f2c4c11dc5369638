import { beforeEach, expect, it } from 'vitest';
import type { ExperimentRef } from '../../../src/core/experiments/experiment';
import type { ReportWords } from '../../../src/core/report/gatherReport';
import { TestBoard } from '../../../src/core/resilience/testBoard';
import { saveExperimentReport } from '../../../src/ui/commands/experiments/saveReport';
import type { CommandContext } from '../../../src/ui/commands/context';
import { desk } from '../editor/desk';
import { env, Uri, window, workspace } from '../editor/vscode';

const disk = { files: new Map<string, string>(), asked: [] as string[] };
Object.assign(workspace, {
  workspaceFolders: [{ uri: Uri.file('/work') }],
  fs: {
    createDirectory: () => Promise.resolve(),
    writeFile: ({ path }: Uri, bytes: Uint8Array) =>
      Promise.resolve(void disk.files.set(path, new TextDecoder().decode(bytes))),
  },
});
Object.assign(window, {
  showSaveDialog: ({ defaultUri, filters }: { defaultUri: Uri; filters: object }) => {
    disk.asked.push(`${defaultUri.path} ${Object.keys(filters).join()}`);
    return Promise.resolve(defaultUri);
  },
});
Object.assign(env, { uiKind: 2, language: 'de' });

beforeEach(() => {
  desk.clear();
  disk.files.clear();
  disk.asked.length = 0;
});

const asked: { key: string; language: string; test: string | undefined }[] = [];
const ref = { kind: 'StressChaos', namespace: 'ns', name: 'one' };
const report = {
  name: 'cpu/1',
  html: () => '<!DOCTYPE html>',
  markdown: (folder: string) => ({ text: `![a](${folder}/a.svg)`, pictures: [{ file: 'a.svg', svg: '<svg/>' }] }),
};
/** On which a test has created one experiment. */
function boardWith(name: string, created: ExperimentRef): TestBoard {
  const board = new TestBoard();
  const phases = { before: { fromMs: 0, toMs: 0 }, faultFromMs: undefined, faultToMs: undefined, endMs: undefined };
  board.add({ name, expectations: [], targets: new Set() })({ outcomes: [], judged: new Map(), phases }, [created]);
  return board;
}
const contextOf = (answer: () => Promise<unknown>): CommandContext => {
  const session = {
    context: 'demo',
    clock: { now: () => Date.parse('2026-05-03T14:07:00Z') },
    monitor: { state: { targets: [] } },
    store: { snapshot: { experiments: [] }, spans: [{ key: 'running', ref }] },
    tests: boardWith('bears it', ref),
    report: (key: string, { language, testedBy }: ReportWords) => (
      asked.push({ key, language, test: testedBy?.test.name }),
      answer()
    ),
  };
  return {
    sessions: { current: () => Promise.resolve(session) },
    history: { entries: [], load: () => Promise.resolve() },
    testRuns: { of: () => Promise.resolve([]) },
  } as unknown as CommandContext;
};

it.each([
  ['a running experiment', { type: 'experiment', experiment: { key: 'running' } }, 'running', 'bears it'],
  ['one of the history', { type: 'past', entry: { experiment: { key: 'ended' } } }, 'ended', undefined],
  ['a key', 'named', 'named', undefined],
])('is of the row that it is called on: %s', async (_, row, key, test) => {
  asked.length = 0;
  desk.answers.push('HTML');
  const context = contextOf(() => Promise.reject(new Error('enough')));
  await expect(saveExperimentReport.run(context, row)).rejects.toThrow('enough');
  expect(asked).toEqual([{ key, language: 'en', test }]); // the texts are English, whatever the editor speaks
  expect(desk.texts('pick')).toHaveLength(1); // for the format alone
});

it('is one file as HTML, and says where it is', async () => {
  desk.answers.push('HTML');
  await saveExperimentReport.run(
    contextOf(() => Promise.resolve(report)),
    'one',
  );
  expect([...disk.files]).toEqual([['/work/cpu-1-20260503-1407.html', '<!DOCTYPE html>']]);
  expect(disk.asked).toEqual(['/work/cpu-1-20260503-1407.html HTML']);
  expect(desk.texts('information')[0]).toContain('The report was saved as cpu-1-20260503-1407.html.');
});

it('is a file with a folder of pictures as Markdown', async () => {
  desk.answers.push('Markdown');
  await saveExperimentReport.run(
    contextOf(() => Promise.resolve(report)),
    'one',
  );
  expect([...disk.files]).toEqual([
    ['/work/cpu-1-20260503-1407-files/a.svg', '<svg/>'],
    ['/work/cpu-1-20260503-1407.md', '![a](cpu-1-20260503-1407-files/a.svg)'],
  ]);
});

it('collects nothing where no format is chosen', async () => {
  asked.length = 0;
  await saveExperimentReport.run(
    contextOf(() => Promise.resolve(report)),
    'one',
  );
  expect([asked, disk.files.size]).toEqual([[], 0]);
});
