import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChaosLanguage } from '../../../src/core/chaosYaml/language';
import { ChaosDocuments } from '../../../src/ui/language/chaosDocuments';
import { keepingLog } from '../connection/keepingLog';
import { window, workspace } from '../editor/vscode';

const editor = { changed: (_: object): void => undefined, documents: [] as object[] };
const event = (): object => ({ dispose: () => undefined });
Object.assign(window, { activeTextEditor: undefined, onDidChangeActiveTextEditor: event });
Object.assign(workspace, {
  textDocuments: editor.documents,
  onDidOpenTextDocument: event,
  onDidCloseTextDocument: event,
  onDidChangeTextDocument: (listener: typeof editor.changed) => ((editor.changed = listener), event()),
});

const document = {
  uri: { scheme: 'file', path: '/a.chaos.yaml' },
  languageId: 'yaml',
  version: 1,
  isClosed: false,
  getText: () => 'kind: PodChaos',
};
const unhandled = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  unhandled.mockClear();
  process.on('unhandledRejection', unhandled);
});
afterEach(() => {
  vi.useRealTimers();
  process.off('unhandledRejection', unhandled);
});

it('rules that cannot be loaded are said once to be missing, and loaded again at the next change', async () => {
  const { log, text } = keepingLog();
  let damaged = true;
  const checked = { objects: [], findings: ['one'] };
  const documents = new ChaosDocuments(
    () =>
      damaged
        ? Promise.reject(new Error('Cannot find module language.js'))
        : Promise.resolve({ check: () => checked } as unknown as ChaosLanguage),
    () => ({}) as never,
    log,
  );
  const told = vi.fn();
  documents.onDidCheck(told);
  const change = async (): Promise<void> => {
    editor.changed({ document });
    await vi.runAllTimersAsync();
  };
  await change();
  await change();
  expect(text().match(/Cannot find module/g)).toHaveLength(1);
  expect(told).toHaveBeenCalledTimes(2); // those who wait for a check do not wait for ever
  expect(documents.check(document as never)).toEqual({ objects: [], findings: [] });
  await expect(documents.checkNow(document as never)).rejects.toThrow('Cannot find module');
  damaged = false;
  await change();
  expect(documents.check(document as never)).toBe(checked);
  vi.useRealTimers();
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).not.toHaveBeenCalled();
  documents.dispose();
});
