import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { KubeConfig, loadYaml } from '@kubernetes/client-node';
import { isRecord, recordsOf, textOf } from '../../core/unknown';
import { AppError } from '../../core/errors';

/** Reads one kubeconfig file; its relative paths are from its own folder. Throws `notConfigured`. */
export function readKubeconfigFile(file: string): KubeConfig {
  if (!existsSync(file)) {
    throw new AppError('notConfigured', `There is no kubeconfig at ${file}.`, {
      hint: 'Correct the setting distdiag.kubeconfig.',
    });
  }
  try {
    const config = new KubeConfig();
    const text = readFileSync(file, 'utf8');
    if (text.trim() === '') return config; // as for kubectl
    const raw = loadYaml<unknown>(text);
    if (!isRecord(raw)) throw new Error('no object');
    checkTexts(raw);
    config.loadFromString(text);
    const folder = path.dirname(path.resolve(file));
    config.makePathsAbsolute(folder);
    completeUsers(config, recordsOf(raw['users']), folder);
    return config;
  } catch {
    // The parser's message quotes the file, which holds secrets.
    throw new AppError('notConfigured', `The kubeconfig ${file} cannot be read.`, {
      hint: 'See whether kubectl can read it.',
    });
  }
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

/** What the library passes over: `tokenFile`, and programs that are named relative to the file. */
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
    if (tokenFile !== '' && !user.token)
      user.authProvider = { name: 'tokenFile', config: { tokenFile: path.resolve(folder, tokenFile) } };
    const command = textOf(user.exec?.['command']);
    if (user.exec && /[\\/]/.test(command)) user.exec['command'] = path.resolve(folder, command);
  }
}

/** As much of a user as is looked at here. */
interface LoadedUser {
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
