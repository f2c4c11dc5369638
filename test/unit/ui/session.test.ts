import { beforeEach, describe, expect, it } from 'vitest';
import type * as vscode from 'vscode';
import { AppError } from '../../../src/core/base/errors';
import type { Config } from '../../../src/ui/session/config';
import { SessionManager, type ClusterSession } from '../../../src/ui/session/session';
import { settle, silentLog } from '../../support';
import { Memory } from '../editor/memory';

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

describe('who waits for a session that is closed before it is there', () => {
  it.each(['answers', 'cannot be reached'])('is given the next one, where the first %s', async (end) => {
    const early = sessions.current();
    await settle();
    sessions.reopen();
    if (end === 'answers') openings[0]?.resolve(session('a'));
    else openings[0]?.reject(new AppError('unreachable', 'a is away'));
    await settle();
    openings[1]?.resolve(session('b'));
    expect((await early).context).toBe('b');
    expect(await sessions.current()).toBe(await early);
    expect([opened, closed]).toEqual([['b'], end === 'answers' ? ['a'] : []]);
    sessions.reopen();
    expect(closed.at(-1)).toBe('b');
  });

  it('is told why there is none, where the next one cannot be reached; once, and opened once', async () => {
    const early = sessions.current();
    await settle();
    sessions.reopen();
    openings[0]?.resolve(session('a'));
    await settle();
    openings[1]?.reject(new AppError('unreachable', 'b is away'));
    await expect(early).rejects.toThrow('b is away');
    expect(sessions.error?.message).toBe('b is away');
    expect(openings).toHaveLength(2);
  });

  it('is given none where the window closes, and nothing is left open', async () => {
    const early = sessions.current();
    await settle();
    sessions.dispose();
    openings[0]?.resolve(session('a'));
    await expect(early).rejects.toMatchObject({ code: 'cancelled' });
    expect(closed).toEqual(['a']);
    expect(openings).toHaveLength(1);
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

describe('a context that was chosen for a window', () => {
  const context = (): string => sessions.config().context;
  beforeEach(() => {
    readConfig = () => ({ kubeconfig: 'a', context: 'set' }) as Config;
  });

  it('overrides the setting', async () => {
    await sessions.selectContext('chosen');
    expect(context()).toBe('chosen');
    await sessions.selectContext(undefined);
    expect(context()).toBe('set');
  });

  it('no longer does where the setting is newer, or the name is of another kubeconfig', async () => {
    await sessions.selectContext('chosen');
    readConfig = () => ({ kubeconfig: 'a', context: 'set since' }) as Config;
    expect(context()).toBe('set since');
    readConfig = () => ({ kubeconfig: 'b', context: 'set' }) as Config;
    expect(context()).toBe('set');
  });

  it('ends the earlier session at once, before it is stored', async () => {
    const before = sessions.current();
    await settle();
    openings[0]?.resolve(session('before'));
    await before;
    void sessions.selectContext('chosen');
    expect(closed).toEqual(['before']);
  });

  it('is also the one that was current at first: another program may change the current one', async () => {
    readConfig = () => ({ kubeconfig: 'a', context: '' }) as Config;
    const first = sessions.current();
    await settle();
    openings[0]?.resolve(session('current at first'));
    await first;
    sessions.reopen();
    expect(context()).toBe('current at first');
    readConfig = () => ({ kubeconfig: 'b', context: '' }) as Config;
    expect(context()).toBe('');
    readConfig = () => ({ kubeconfig: 'a', context: '' }) as Config;
    await sessions.selectContext(undefined);
    expect(context()).toBe('');
  });
});
