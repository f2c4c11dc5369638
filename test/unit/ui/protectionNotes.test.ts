import { beforeEach, expect, it } from 'vitest';
import type { Config } from '../../../src/ui/session/config';
import { tellUselessProtection } from '../../../src/ui/session/protectionNotes';
import type { ClusterSession, SessionManager } from '../../../src/ui/session/session';
import { silentLog } from '../../support';
import { desk } from '../editor/desk';

const warnings = (): string[] => desk.texts('warning');

let opened: (session: ClusterSession) => Promise<void>;
let contexts: SessionManager['contexts'];

beforeEach(() => {
  desk.clear();
  contexts = () => Promise.resolve([{ name: 'prod', cluster: 'c', server: 'https://api', namespace: undefined }]);
  const sessions = {
    onDidOpen: (listener: typeof opened) => void (opened = listener),
    contexts: () => contexts(),
  } as unknown as SessionManager;
  tellUselessProtection(sessions, silentLog);
});

const open = (protectedContexts: string[], protectedNamespaces: string[] = ['kube-*', 'chaos-mesh']): Promise<void> =>
  opened({ config: { protectedContexts, protectedNamespaces } as unknown as Config } as ClusterSession);

it('entries that protect nothing are told, once', async () => {
  await open(['prod', 'prdo', 'kind-*'], ['kube-*', 'kube system']);
  expect(warnings()).toHaveLength(1);
  expect(warnings()[0]).toContain('prdo, kind-*');
  expect(warnings()[0]).toContain('kube system');
  await open(['prod', 'prdo', 'kind-*'], ['kube-*', 'kube system']);
  expect(warnings()).toHaveLength(1);
  await open(['prod', 'other']);
  expect(warnings()).toHaveLength(2);
});

it('what is usual, and what fits, is no matter', async () => {
  await open([]);
  await open(['PROD ', 'c', 'https://api']);
  contexts = () => Promise.reject(new Error('no kubeconfig'));
  await open(['anything']);
  expect(warnings()).toEqual([]);
});
