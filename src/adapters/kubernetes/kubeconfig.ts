import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { AppError } from '../../core/errors';

/** Where the kubeconfig comes from, and which of its contexts to use. */
export interface KubeconfigOptions {
  /** The setting; empty = KUBECONFIG, then the default path, then the pod's own account. */
  kubeconfigPath?: string;
  /** Empty = the kubeconfig's current one. The file itself is never changed. */
  context?: string;
  /** May the kubeconfig start programs (`exec`, auth providers)? */
  trusted: boolean;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Reads the kubeconfig and chooses the context; throws `notConfigured` with what to do. No content of it reaches a message. */
export function loadKubeconfig(options: KubeconfigOptions): KubeConfig {
  const config = readKubeconfig(options.kubeconfigPath?.trim() ?? '');
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
  const user = config.getCurrentUser();
  if (!options.trusted && (user?.exec || (user?.authProvider && user.authProvider.name !== 'tokenFile'))) {
    throw new AppError(
      'notConfigured',
      `The context "${wanted}" gets its credentials from a program, and this workspace is not trusted.`,
      {
        hint: 'Trust the workspace, or choose a context with a token or a certificate.',
      },
    );
  }
  return config;
}

/** Reads and merges the kubeconfig's files without choosing a context; throws `notConfigured`. */
export function readKubeconfig(setting: string): KubeConfig {
  const config = new KubeConfig();
  const fromEnvironment = (process.env['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
  const standard = path.join(homedir(), '.kube', 'config');
  const files =
    setting !== ''
      ? [expandHome(setting)]
      : fromEnvironment.length > 0
        ? fromEnvironment.filter(existsSync)
        : [standard].filter(existsSync);
  if (
    files.length === 0 &&
    fromEnvironment.length === 0 &&
    existsSync(SERVICE_ACCOUNT) &&
    process.env['KUBERNETES_SERVICE_HOST']
  ) {
    config.loadFromCluster();
    return config;
  }
  if (files.length === 0) {
    throw new AppError(
      'notConfigured',
      fromEnvironment.length > 0 ? 'No file that KUBECONFIG names exists.' : 'There is no kubeconfig.',
      {
        hint: 'Set distdiag.kubeconfig, or start the demo cluster.',
      },
    );
  }
  files.forEach((file, index) => {
    if (!existsSync(file)) {
      throw new AppError('notConfigured', `There is no kubeconfig at ${file}.`, {
        hint: 'Correct the setting distdiag.kubeconfig.',
      });
    }
    try {
      if (index === 0) return config.loadFromFile(file);
      const more = new KubeConfig();
      more.loadFromFile(file);
      merge(config, more);
    } catch {
      // The parser's message quotes the file, which holds secrets.
      throw new AppError('notConfigured', `The kubeconfig ${file} cannot be read.`, {
        hint: 'See whether kubectl can read it.',
      });
    }
  });
  return config;
}

/** As kubectl merges: of two entries with one name the first wins. */
function merge(into: KubeConfig, more: KubeConfig): void {
  const add = <T extends { name: string }>(list: T[], others: T[]): void => {
    for (const other of others) if (!list.some((one) => one.name === other.name)) list.push(other);
  };
  add(into.clusters, more.clusters);
  add(into.users, more.users);
  add(into.contexts, more.contexts);
  if (!into.currentContext) into.currentContext = more.currentContext;
}

function expandHome(file: string): string {
  return file === '~' || file.startsWith('~/') ? path.join(homedir(), file.slice(1)) : file;
}
