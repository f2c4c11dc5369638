import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { KubeConfig, type Cluster } from '@kubernetes/client-node';
import { isRecord, recordsOf, textOf } from '../../core/base/unknown';
import { AppError } from '../../core/base/errors';
import { readFirst } from '../yaml/documents';
import { impersonationOf } from './impersonation';

/** Reads one kubeconfig file; its relative paths are from its own folder. Throws `notConfigured`. */
export function readKubeconfigFile(file: string): KubeConfig {
  if (!existsSync(file)) {
    throw new AppError('notConfigured', `There is no kubeconfig at ${file}.`, {
      hint: 'Correct the setting distdiag.kubeconfig.',
    });
  }
  try {
    const config = new KubeConfig();
    const text = decoded(readFileSync(file));
    if (text.trim() === '') return config; // as for kubectl
    const raw = readFirst(text);
    if (!isRecord(raw)) throw new Error('no object');
    checkTexts(raw);
    config.loadFromString(JSON.stringify(raw));
    const folder = path.dirname(path.resolve(file));
    config.makePathsAbsolute(folder);
    completeUsers(config, recordsOf(raw['users']), folder);
    completeClusters(config, recordsOf(raw['clusters']));
    return config;
  } catch {
    // The parser's message quotes the file, which holds secrets.
    throw new AppError('notConfigured', `The kubeconfig ${file} cannot be read.`, {
      hint: 'See whether kubectl can read it.',
    });
  }
}

/** UTF-8, or by its first bytes the UTF-16 that PowerShell writes. */
function decoded(bytes: Buffer): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/** Fields that are texts, by the lists that have them; what the library itself does not look at. */
const TEXTS: readonly (readonly [list: string, part: string, fields: readonly string[]])[] = [
  [
    'clusters',
    'cluster',
    ['server', 'proxy-url', 'tls-server-name', 'certificate-authority', 'certificate-authority-data'],
  ],
  ['contexts', 'context', ['cluster', 'user', 'namespace']],
  [
    'users',
    'user',
    [
      'token',
      'username',
      'password',
      'as',
      'as-uid',
      'tokenFile',
      'client-certificate',
      'client-certificate-data',
      'client-key',
      'client-key-data',
    ],
  ],
];

/** As kubectl does it: a number or a list where a text belongs makes the whole file unreadable. */
function checkTexts(raw: Readonly<Record<string, unknown>>): void {
  const isText = (value: unknown): boolean => value === undefined || value === null || typeof value === 'string';
  const wrong =
    !isText(raw['current-context']) ||
    TEXTS.some(([list, part, fields]) =>
      recordsOf(raw[list]).some((entry) => {
        const inner = entry[part];
        return typeof entry['name'] !== 'string' || (isRecord(inner) && fields.some((field) => !isText(inner[field])));
      }),
    );
  if (wrong) throw new Error('no text where one belongs');
}

/** What the library passes over: whom a user acts as, `tokenFile`, which wins over `token`, and programs that are named relative to the file. */
function completeUsers(config: KubeConfig, users: readonly Readonly<Record<string, unknown>>[], folder: string): void {
  for (const entry of users) {
    const user = config.users.find((one) => one.name === entry['name']) as LoadedUser | undefined;
    if (!user || !isRecord(entry['user'])) continue;
    const { name, config: own } = isRecord(user.authProvider) ? user.authProvider : {};
    const settings = isRecord(own) ? own : {};
    // The library runs such a program whatever the provider's name is: it is one like every other.
    if (isRecord(settings['exec'])) {
      user.exec = { ...settings['exec'] };
      delete user.authProvider;
    }
    // A provider of that name is the library's way to a token file: it may name the file, and nothing else.
    if (name === 'tokenFile') delete user.authProvider;
    const tokenFile = textOf(entry['user']['tokenFile']) || (name === 'tokenFile' ? textOf(settings['tokenFile']) : '');
    // As the library reads a pod's own token: again every minute, since such files are rotated.
    if (tokenFile !== '') {
      delete user.token;
      user.authProvider = { name: 'tokenFile', config: { tokenFile: path.resolve(folder, tokenFile) } };
    }
    user.impersonation = impersonationOf(entry['user']);
    const command = textOf(user.exec?.['command']);
    if (user.exec && /[\\/]/.test(command)) user.exec['command'] = path.resolve(folder, command);
  }
}

/** What the library passes over: what a credential program is told of its cluster. */
function completeClusters(config: KubeConfig, clusters: readonly Readonly<Record<string, unknown>>[]): void {
  for (const { name, cluster } of clusters) {
    const loaded = config.clusters.find((one) => one.name === name) as LoadedCluster | undefined;
    if (!loaded || !isRecord(cluster)) continue;
    const own = recordsOf(cluster['extensions']).find((one) => one['name'] === EXEC_EXTENSION);
    if (own) loaded.execConfig = own['extension'];
  }
}

/** The name of a cluster's extension that is meant for credential programs. */
const EXEC_EXTENSION = 'client.authentication.k8s.io/exec';

/** A cluster with what a credential program is told of it. */
export interface LoadedCluster extends Cluster {
  execConfig?: unknown;
}

/** As much of a user as is looked at here. */
export interface LoadedUser {
  /** Headers. */
  impersonation?: Record<string, string | string[]>;
  token?: string;
  exec?: Record<string, unknown>;
  authProvider?: unknown;
}

/** As kubectl merges: of two entries with one name the first wins. */
export function mergeKubeconfig(into: KubeConfig, more: KubeConfig): void {
  const add = <T extends { name: string }>(list: T[], others: T[]): void => {
    for (const other of others) if (!list.some((one) => one.name === other.name)) list.push(other);
  };
  add(into.clusters, more.clusters);
  add(into.users, more.users);
  add(into.contexts, more.contexts);
  if (!into.currentContext) into.currentContext = more.currentContext;
}
