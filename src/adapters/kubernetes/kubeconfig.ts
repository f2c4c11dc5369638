import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { AppError } from '../../core/base/errors';
import { nameOf } from './execCredential';
import { mergeKubeconfig, readKubeconfigFile } from './kubeconfigFile';

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
    throw new AppError('notConfigured', `The kubeconfig has no context "${wanted}".`, {
      hint: names.length > 0 ? `Choose one of ${names.join(', ')}.` : 'Choose another kubeconfig.',
    });
  }
  config.setCurrentContext(wanted);
  const cluster = config.getCurrentCluster();
  if (!cluster?.server) {
    throw new AppError('notConfigured', `The context "${wanted}" names a cluster without a server address.`, {
      hint: 'Correct the kubeconfig.',
    });
  }
  const user = config.getContextObject(wanted)?.user;
  if (user && !config.getCurrentUser()) {
    throw new AppError('notConfigured', `The context "${wanted}" names a user that the kubeconfig does not have.`, {
      hint: 'Correct the kubeconfig.',
    });
  }
  if (!options.trusted) refusePrograms(config, wanted);
  return config;
}

/** In a folder that is not trusted nothing is started, whatever the kubeconfig says. */
function refusePrograms(config: KubeConfig, context: string): void {
  const user = config.getCurrentUser() as {
    exec?: Record<string, unknown>;
    authProvider?: { name?: string; config?: Readonly<Record<string, unknown>> };
  } | null;
  if (!user?.exec && (!user?.authProvider || isTokenFile(user.authProvider))) return;
  const from = user.exec ? `the program "${nameOf(user.exec)}"` : `the provider "${user.authProvider?.name ?? ''}"`;
  throw new AppError(
    'notConfigured',
    `The context "${context}" gets its credentials from ${from}, and this workspace is not trusted.`,
    { hint: 'Trust the workspace, or choose a context with a token or a certificate.' },
  );
}

/** A provider that reads a file, and can do nothing else. */
const isTokenFile = ({ name, config }: { name?: string; config?: Readonly<Record<string, unknown>> }): boolean =>
  name === 'tokenFile' && Object.keys(config ?? {}).every((key) => key === 'tokenFile');

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
    throw nothing('No file that KUBECONFIG names exists.');
  }
  const standard = path.join(homedir(), '.kube', 'config');
  if (existsSync(standard)) return { origin: 'default path', files: [standard] };
  if (existsSync(`${root}${SERVICE_ACCOUNT}`) && process.env['KUBERNETES_SERVICE_HOST'])
    return { origin: 'in-cluster', files: [] };
  throw nothing('There is no kubeconfig.');
}

const nothing = (message: string): AppError =>
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
