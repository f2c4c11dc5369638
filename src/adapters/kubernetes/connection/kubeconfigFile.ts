import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { KubeConfig, type Cluster, type Context, type User } from '@kubernetes/client-node';
import { msg, type Text } from '../../../core/base/text';
import { AppError } from '../../../core/base/errors';
import { readFirst } from '../../yaml/documents';
import { impersonationOf } from './impersonation';
import {
  faultsOfCluster,
  faultsOfUser,
  kubeconfigFields,
  NotValid,
  type ClusterFields,
  type UserFields,
} from './kubeconfigFields';

/** Reads one kubeconfig file; its relative paths are from its own folder. Throws `notConfigured`. */
export function readKubeconfigFile(file: string): KubeConfig {
  if (!existsSync(file)) {
    throw new AppError('notConfigured', msg`No kubeconfig was found at ${file}.`, {
      hint: 'Correct the setting distdiag.kubeconfig.',
    });
  }
  const hint: Text = 'Check that kubectl can read it.';
  try {
    const config = new KubeConfig();
    const text = decoded(readFileSync(file));
    if (text.trim() === '') return config; // as for kubectl
    const { clusters, users, contexts, 'current-context': currentContext } = kubeconfigFields(readFirst(text));
    const folder = path.dirname(path.resolve(file));
    config.loadFromOptions({
      clusters: clusters.map(({ name, cluster }) => clusterOf(name, cluster, folder)),
      users: users.map(({ name, user }) => userOf(name, user, folder)),
      contexts: contexts.map(({ name, context: { cluster, user, namespace } }): Context => {
        return { name, cluster, user, ...(namespace === '' ? {} : { namespace }) };
      }),
      currentContext,
    });
    return config;
  } catch (thrown) {
    if (thrown instanceof NotValid && thrown.at !== '')
      throw new AppError('notConfigured', msg`The kubeconfig ${file} cannot be read: ${thrown.at} is not valid.`, {
        hint,
      });
    // The parser's message quotes the file, which holds secrets.
    throw new AppError('notConfigured', msg`The kubeconfig ${file} cannot be read.`, { hint });
  }
}

/** UTF-8, or by its first bytes the UTF-16 that PowerShell writes. */
function decoded(bytes: Buffer): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/** The name of a cluster's extension that is meant for credential programs. */
const EXEC_EXTENSION = 'client.authentication.k8s.io/exec';

/** A cluster with what else is made of its entry. */
export interface LoadedCluster extends Cluster {
  /** What a credential program is told of it. */
  execConfig?: unknown;
  /** The fields for which it cannot be used. */
  faults?: readonly string[];
}

/** A user with what else is made of its entry. */
export interface LoadedUser extends User {
  /** Headers. */
  impersonation?: Readonly<Record<string, string | string[]>>;
  /** The fields for which it cannot be used. */
  faults?: readonly string[];
}

const within = (folder: string, file: string): string => (file === '' ? '' : path.resolve(folder, file));

function clusterOf(name: string, fields: ClusterFields, folder: string): LoadedCluster {
  return {
    name,
    server: fields.server,
    skipTLSVerify: fields['insecure-skip-tls-verify'],
    tlsServerName: fields['tls-server-name'],
    caFile: within(folder, fields['certificate-authority']),
    caData: fields['certificate-authority-data'],
    proxyUrl: fields['proxy-url'],
    execConfig: fields.extensions.find((one) => one.name === EXEC_EXTENSION)?.extension,
    faults: faultsOfCluster(fields),
  };
}

/** Of several credentials a token file wins over a token, and both and a password over a program, which is not run then. */
function userOf(name: string, fields: UserFields, folder: string): LoadedUser {
  const { tokenFile, username, password, 'auth-provider': provider, exec } = fields;
  const token = tokenFile === '' ? fields.token : '';
  const command = exec && /[\\/]/.test(exec.command) ? path.resolve(folder, exec.command) : exec?.command;
  const certFile = within(folder, fields['client-certificate']);
  const certData = fields['client-certificate-data'];
  const hasCertificate = certFile !== '' || certData !== '';
  return {
    name,
    ...{ token, username, password, certFile, certData },
    ...(hasCertificate ? { keyFile: within(folder, fields['client-key']), keyData: fields['client-key-data'] } : {}),
    // As the library reads a pod's own token: again every minute, since such files are rotated.
    ...(tokenFile !== ''
      ? { authProvider: { name: 'tokenFile', config: { tokenFile: path.resolve(folder, tokenFile) } } }
      : exec && token === '' && username === ''
        ? { exec: { ...exec, command } }
        : provider
          ? { authProvider: { ...provider, config: Object.fromEntries(provider.config) } }
          : {}),
    ...(fields.as === '' ? {} : { impersonateUser: fields.as, impersonation: impersonationOf(fields) }),
    faults: faultsOfUser(fields),
  };
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
