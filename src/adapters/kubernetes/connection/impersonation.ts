import type { UserFields } from './kubeconfigFields';

/**
 * Headers of the API server's impersonation for a user of a kubeconfig, as client-go writes them. With less than what is
 * said there, requests would have other rights.
 */
export function impersonationOf(user: UserFields): Record<string, string | string[]> {
  if (user.as === '') return {};
  const headers: Record<string, string | string[]> = { 'Impersonate-User': user.as };
  if (user['as-groups'].length > 0) headers['Impersonate-Group'] = user['as-groups'];
  if (user['as-uid'] !== '') headers['Impersonate-Uid'] = user['as-uid'];
  for (const [key, values] of user['as-user-extra']) headers[['Impersonate-Extra', escaped(key)].join('-')] = values;
  return headers;
}

/** What no name of a header may hold is escaped by percent, as client-go does it. */
const escaped = (key: string): string =>
  encodeURIComponent(key).replace(/[()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
