import type { KubeConfig } from '@kubernetes/client-node';
import { withoutSecrets, type ConnectionFacts } from '../../../core/cluster/connection';
import { nameOf } from './execCredential';
import type { KubeconfigSource } from './kubeconfig';

/** Says where the current context leads and how it is let in. Ask before the credentials are prepared. */
export function connectionFacts(config: KubeConfig, { origin, files }: KubeconfigSource): ConnectionFacts {
  const name = config.getCurrentContext();
  const context = config.getContextObject(name);
  const cluster = config.getCurrentCluster();
  const server = withoutSecrets((cluster?.server ?? '').replace(/\/+$/, ''));
  return {
    context: name,
    cluster: context?.cluster ?? '',
    server,
    namespace: context?.namespace ?? 'default',
    user: context?.user ?? '',
    credentials: credentials(config),
    tls: server.startsWith('http:')
      ? 'none: plain HTTP'
      : cluster?.skipTLSVerify
        ? 'certificate not checked'
        : `certificate checked against ${cluster?.caData || cluster?.caFile ? 'the kubeconfig’s authority' : 'the authorities of this machine'}`,
    proxy: cluster?.proxyUrl ? withoutSecrets(cluster.proxyUrl) : undefined,
    source: files.length > 0 ? `${origin}: ${files.join(', ')}` : origin,
  };
}

function credentials(config: KubeConfig): string {
  const user = config.getCurrentUser() as Record<string, unknown> | null;
  const as = user?.['impersonateUser'] ? `, acting as ${String(user['impersonateUser'])}` : '';
  const provider = user?.['authProvider'] as { name?: string } | undefined;
  if (user?.['token']) return `a token${as}`;
  if (user?.['exec']) return `the program "${nameOf(user['exec'] as Record<string, unknown>)}"${as}`;
  if (provider)
    return `${provider.name === 'tokenFile' ? 'a token file' : `the provider "${provider.name ?? ''}"`}${as}`;
  if (user?.['username']) return `a user name and a password${as}`;
  if (user?.['certData'] || user?.['certFile']) return `a client certificate${as}`;
  return `none${as}`;
}
