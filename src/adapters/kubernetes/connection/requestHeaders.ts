import { msg } from '../../../core/base/text';
import type { RequestOptions } from 'node:https';
import type { EndpointAccess } from '../../../core/cluster/endpoint';
import { AppError } from '../../../core/base/errors';
import type { LoadedUser } from './kubeconfigFile';

/** What a header cannot hold. */
// eslint-disable-next-line no-control-regex -- these they are
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/;

/** A text as the characters whose bytes are its UTF-8, as kubectl sends it: others the library would leave out. */
const inHeader = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const FIELDS: Readonly<Record<string, string>> = {
  Authorization: 'token',
  'Impersonate-User': 'as',
  'Impersonate-Group': 'as-groups',
  'Impersonate-Uid': 'as-uid',
};

/**
 * The headers that say who a user is, of what the library makes of it. Throws AppError (`notConfigured`), which names the
 * field, where one cannot be sent.
 */
export function requestHeaders(user: LoadedUser | null, { headers, auth }: RequestOptions): EndpointAccess['headers'] {
  const sent: Record<string, string | string[]> = { ...(headers as Record<string, string>), ...user?.impersonation };
  if (auth) sent['Authorization'] = `Basic ${Buffer.from(auth).toString('base64')}`;
  if ((user?.authProvider as { name?: string } | undefined)?.name === 'tokenFile') {
    // The line's end is none of the token.
    const token = String(sent['Authorization'] ?? '')
      .replace(/^Bearer\b/, '')
      .trim();
    if (token === '')
      throw new AppError('notConfigured', msg`The token file of the user "${user?.name ?? ''}" is empty.`, {
        hint: 'Correct the kubeconfig, or write the token to that file.',
      });
    sent['Authorization'] = `Bearer ${token}`;
  }
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]): [string, string | string[]] => {
      if ([value].flat().some((one) => CONTROL.test(one)))
        throw new AppError(
          'notConfigured',
          msg`The field ${FIELDS[name] ?? 'as-user-extra'} of the user "${user?.name ?? ''}" in the kubeconfig holds a control character.`,
          { hint: 'Correct the kubeconfig.' },
        );
      return [name, Array.isArray(value) ? value.map(inHeader) : inHeader(value)];
    }),
  );
}
