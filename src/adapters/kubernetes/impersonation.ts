import { isRecord, textOf } from '../../core/base/unknown';

/** The library sends `as`; these are passed over by it. */
const FIELDS = ['as-groups', 'as-uid', 'as-user-extra'] as const;

/**
 * Headers of the API server's impersonation for a user of a kubeconfig, but the one that the library sends: groups, uid
 * and extra fields, as client-go writes them. With less than what is said there, requests would have other rights.
 * Throws where the entry is none that kubectl takes.
 */
export function impersonationOf(user: Readonly<Record<string, unknown>>): Record<string, string | string[]> {
  if (!textOf(user['as'])) {
    if (FIELDS.some((field) => isRecord(user[field]) || (user[field] ?? '') !== '')) throw new Error('as whom?');
    return {};
  }
  const headers: Record<string, string | string[]> = {};
  const groups = textsOf(user['as-groups']);
  if (groups.length > 0) headers['Impersonate-Group'] = groups;
  const uid = textOf(user['as-uid']);
  if (uid) headers['Impersonate-Uid'] = uid;
  const extra = user['as-user-extra'] ?? {};
  if (!isRecord(extra)) throw new Error('no map of lists');
  for (const [key, values] of Object.entries(extra))
    headers[['Impersonate-Extra', escaped(key)].join('-')] = textsOf(values);
  return headers;
}

function textsOf(value: unknown): string[] {
  const list: unknown = value ?? [];
  if (!Array.isArray(list) || !list.every((one): one is string => typeof one === 'string'))
    throw new Error('no list of texts');
  return list;
}

/** What no name of a header may hold is escaped by percent, as client-go does it. */
const escaped = (key: string): string =>
  encodeURIComponent(key).replace(/[()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
