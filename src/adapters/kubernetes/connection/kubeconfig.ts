import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { msg, type Text } from '../../../core/base/text';
import { AppError } from '../../../core/base/errors';
import { isRecord } from '../../../core/base/unknown';
import { nameOf } from './execCredential';
import { mergeKubeconfig, readKubeconfigFile, type LoadedCluster, type LoadedUser } from './kubeconfigFile';

/** Where the kubeconfig comes from, and which of its contexts to use. */
export interface KubeconfigOptions {
  /** The setting; empty = KUBECONFIG, then the default path, then the pod's own account. */
  kubeconfigPath?: string;
  /** Empty = the kubeconfig's current one. The file itself is never changed. */
  context?: string;
  /** May the kubeconfig start programs (`exec`, auth providers)? */
  trusted: boolean;
  /** The file system's root, in which a pod's own account lies; tests have another. */
  root?: string;
}

/** Where a kubeconfig is read from. */
export interface KubeconfigSource {
  origin: 'setting' | 'KUBECONFIG' | 'default path' | 'in-cluster';
  /** None for a pod's own account. */
  files: readonly string[];
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Reads the kubeconfig and chooses the context; throws `notConfigured` with what to do. No content of it reaches a message. */
export function loadKubeconfig(options: KubeconfigOptions): KubeConfig {
  const config = readKubeconfig(options);
  const wanted = options.context?.trim() || config.getCurrentContext();
  const names = config.getContexts().map((context) => context.name);
  if (!wanted) {
    throw new AppError('notConfigured', 'The kubeconfig has no current context.', {
      hint:
        names.length > 0
          ? 'Choose a cluster: DistDiag: Select Cluster.'
          : 'Add a context to it, or choose another kubeconfig.',
    });
  }
  if (!names.includes(wanted)) {
    throw new AppError('notConfigured', msg`The kubeconfig has no context "${wanted}".`, {
      hint: names.length > 0 ? msg`Choose one of ${names.join(', ')}.` : 'Choose another kubeconfig.',
    });
  }
  config.setCurrentContext(wanted);
  const hint: Text = 'Correct the kubeconfig.';
  const cluster: LoadedCluster | null = config.getCurrentCluster();
  if (!cluster?.server) {
    throw new AppError('notConfigured', msg`The context "${wanted}" names a cluster without a server address.`, {
      hint,
    });
  }
  const userName = config.getContextObject(wanted)?.user ?? '';
  // Without a user, the library would not look at the cluster's certificate authority either.
  if (userName === '' && !config.getCurrentUser()) config.users.push({ name: userName });
  const user: LoadedUser | null = config.getCurrentUser();
  if (!user) {
    throw new AppError('notConfigured', msg`The context "${wanted}" names a user that the kubeconfig does not have.`, {
      hint,
    });
  }
  const refused = (message: Text): AppError =>
    new AppError('notConfigured', message, { hint: 'Correct the kubeconfig: kubectl rejects it as well.' });
  if (cluster.faults?.length)
    throw refused(
      msg`The cluster "${cluster.name}" in the kubeconfig is not valid: check ${cluster.faults.join(', ')}.`,
    );
  if (user.faults?.length)
    throw refused(msg`The user "${user.name}" in the kubeconfig is not valid: check ${user.faults.join(', ')}.`);
  if (isPlain(cluster)) sendNoCredentials(config, cluster, user);
  else if (!options.trusted) refusePrograms(user, wanted);
  return config;
}

/** Plain HTTP, as `kubectl proxy` offers it; with the flag, credentials go over it too. */
const isPlain = ({ server, skipTLSVerify }: LoadedCluster): boolean => /^http:/i.test(server) && !skipTLSVerify;

/** As kubectl does it, which has credentials for TLS only. The library asks for the flag. */
function sendNoCredentials(config: KubeConfig, cluster: LoadedCluster, user: LoadedUser): void {
  const { name, impersonateUser, impersonation = {} } = user;
  config.clusters = config.clusters.map((one) => (one === cluster ? { ...cluster, skipTLSVerify: true } : one));
  const kept = { name, ...(impersonateUser === undefined ? {} : { impersonateUser, impersonation }) };
  config.users = config.users.map((one) => (one === user ? kept : one));
}

/** In a folder that is not trusted nothing is started, whatever the kubeconfig says. */
function refusePrograms(user: LoadedUser, context: string): void {
  const exec: unknown = user.exec;
  const provider = user.authProvider as { name: string } | undefined;
  // A provider of that name reads a file, and can do nothing else.
  if (!isRecord(exec) && (!provider || provider.name === 'tokenFile')) return;
  const from = isRecord(exec) ? msg`the program "${nameOf(exec)}"` : msg`the provider "${provider?.name ?? ''}"`;
  throw new AppError(
    'notConfigured',
    msg`The context "${context}" gets its credentials from ${from}, and this workspace is not trusted.`,
    { hint: 'Trust the workspace, or choose a context with a token or a certificate.' },
  );
}

/** Where the kubeconfig is, by the setting, the environment and what exists; throws `notConfigured`. */
export function findKubeconfig({
  kubeconfigPath = '',
  root = '',
}: Omit<KubeconfigOptions, 'trusted'>): KubeconfigSource {
  const setting = kubeconfigPath.trim();
  if (setting !== '') return { origin: 'setting', files: [expandHome(setting)] };
  const named = (process.env['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
  if (named.length > 0) {
    const files = named.filter(existsSync);
    if (files.length > 0) return { origin: 'KUBECONFIG', files };
    throw nothing('None of the files in KUBECONFIG exist.');
  }
  const standard = path.join(homedir(), '.kube', 'config');
  if (existsSync(standard)) return { origin: 'default path', files: [standard] };
  if (existsSync(`${root}${SERVICE_ACCOUNT}`) && process.env['KUBERNETES_SERVICE_HOST'])
    return { origin: 'in-cluster', files: [] };
  throw nothing('No kubeconfig was found.');
}

const nothing = (message: Text): AppError =>
  new AppError('notConfigured', message, { hint: 'Set distdiag.kubeconfig, or start the demo cluster.' });

/** Reads and merges the kubeconfig's files without choosing a context; throws `notConfigured`. */
export function readKubeconfig(options: Omit<KubeconfigOptions, 'trusted'>): KubeConfig {
  const { origin, files } = findKubeconfig(options);
  const config = new KubeConfig();
  if (origin === 'in-cluster') {
    config.loadFromCluster(options.root);
    return config;
  }
  files.map(readKubeconfigFile).forEach((one) => mergeKubeconfig(config, one));
  return config;
}

function expandHome(file: string): string {
  return file === '~' || file.startsWith('~/') ? path.join(homedir(), file.slice(1)) : file;
}
