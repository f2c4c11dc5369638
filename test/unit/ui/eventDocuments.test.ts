import { expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import type { SessionManager } from '../../../src/ui/session/session';
import { EventDocuments } from '../../../src/ui/documents/eventDocuments';
import { workspace } from '../editor/vscode';
import { experiment } from '../experiments/experiments';

it('the events of an experiment follow the session that there is, and say whose they are', async () => {
  let change: () => void = () => undefined;
  let subscribed: string[] = [];
  let answer: (object: unknown) => void = () => undefined;
  const sessionOf = (context: string): object => ({
    context,
    server: `https://${context}`,
    clock: { now: () => 0, after: () => ({ dispose: () => undefined }) },
    store: {
      subscribe: () => {
        subscribed.push(context);
        return { dispose: () => (subscribed = subscribed.filter((one) => one !== context)) };
      },
    },
    experiments: { get: () => new Promise((resolve) => (answer = resolve)), events: () => Promise.resolve([]) },
  });
  let now = sessionOf('dev');
  const sessions = {
    current: () => Promise.resolve(now),
    onDidChange: (listener: () => void) => ((change = listener), { dispose: () => undefined }),
  } as unknown as SessionManager;
  const documents = new EventDocuments(sessions);
  const one = experiment({ records: [{ appliedAfterMs: 500 }] });
  const fired: string[] = [];
  documents.onDidChange((uri) => fired.push(String(uri)));
  const opening = vi.spyOn(workspace, 'openTextDocument');
  await documents.show(one);
  const uri = opening.mock.calls[0]?.[0] as vscode.Uri;
  const text = documents.provideTextDocumentContent(uri);
  await vi.waitFor(() => expect(subscribed).toEqual(['dev']));

  // Another cluster is chosen while the answer is still to come: the closed session is not held.
  now = sessionOf('other');
  fired.length = 0;
  change();
  answer(one.object);
  await text;
  expect(subscribed).toEqual([]);
  expect(fired).toEqual([uri.toString()]);
  expect(await documents.provideTextDocumentContent(uri)).toBe(
    `StressChaos oceanbase/one belongs to another cluster, dev, and may still be running there.\n`,
  );
  expect(subscribed).toEqual(['other']);
});
