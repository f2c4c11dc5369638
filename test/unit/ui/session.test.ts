import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { AppError } from '../../../src/core/base/errors';
import type { Config } from '../../../src/ui/session/config';
import { SessionManager, type ClusterSession } from '../../../src/ui/session/session';
import { settle, silentLog } from '../../support';
import { Memory } from './fakeVscode';
import type * as fake from './fakeVscode';

vi.mock('vscode', async () => {
  const { Desk, fakeVscode } = await vi.importActual<typeof fake>('./fakeVscode');
  return fakeVscode(new Desk(), () => ({ provideTextDocumentContent: () => '' }));
});

/** What a session is opened with, answered when the test says so. */
interface Opening {
  resolve: (session: ClusterSession) => void;
  reject: (error: AppError) => void;
}

let openings: Opening[];
let closed: string[];
let opened: string[];
let readConfig: () => Config;
let sessions: SessionManager;

beforeEach(() => {
  [openings, closed, opened] = [[], [], []];
  readConfig = () => ({}) as Config;
  const factory = {
    open: () => new Promise<ClusterSession>((resolve, reject) => openings.push({ resolve, reject })),
    contexts: () => Promise.resolve([]),
    toYaml: () => Promise.resolve(''),
  };
  const memory = new Memory() as unknown as vscode.Memento;
  sessions = new SessionManager(factory, () => readConfig(), memory, silentLog);
  sessions.onDidOpen(({ context }) => void opened.push(context));
});

const session = (context: string): ClusterSession =>
  ({ context, server: '', dispose: () => void closed.push(context) }) as unknown as ClusterSession;

describe('a cluster that is chosen while another is still being reached', () => {
  let late: Promise<unknown>;
  let next: Promise<ClusterSession>;

  beforeEach(async () => {
    late = sessions.current().catch((error: unknown) => error);
    await settle();
    sessions.reopen();
    next = sessions.current();
    await settle();
  });

  it('is not lost where the other cannot be reached after all', async () => {
    openings[1]?.resolve(session('b'));
    await next;
    openings[0]?.reject(new AppError('unreachable', 'a is away'));
    await late;
    expect(await sessions.current()).toBe(await next);
    expect(sessions.error).toBeUndefined();
    expect(openings).toHaveLength(2);
    sessions.reopen();
    await settle();
    expect(closed).toEqual(['b']);
  });

  it('is the one that is followed, though the other answers later; that one is closed', async () => {
    openings[1]?.resolve(session('b'));
    await next;
    openings[0]?.resolve(session('a'));
    await late;
    await settle();
    expect(opened).toEqual(['b']);
    expect(closed).toEqual(['a']);
  });
});

it('settings that cannot be read are read again at the next need', async () => {
  readConfig = () => {
    throw new AppError('notConfigured', 'no');
  };
  await expect(sessions.current()).rejects.toMatchObject({ code: 'notConfigured' });
  readConfig = () => ({}) as Config;
  const again = sessions.current();
  await settle();
  openings[0]?.resolve(session('a'));
  expect((await again).context).toBe('a');
});
