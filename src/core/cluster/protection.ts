import { AppError } from '../base/errors';
import { msg } from '../base/text';

/**
 * True where an entry of a list names it, or is a pattern for it. Neither the case matters nor how an address is spelled:
 * more is protected so.
 */
export const isProtected = (name: string, entries: readonly string[]): boolean =>
  entries.flatMap(spellings).some((entry) => fits(entry, name.trim().toLowerCase()));

/** An entry as it is, and as `aliasesOf` spells the address that it may be. */
function spellings(entry: string): string[] {
  const text = entry.trim().toLowerCase();
  if (/[?@]/.test(text)) return [text];
  if (text.includes('://')) return [text, addressOf(text)];
  // By a scheme that none of our ports is the usual one of, so that a port stays where it is named.
  const host = [`ftp://${text}`, `ftp://[${text}]`].find((one) => URL.canParse(one));
  return host === undefined ? [text] : [text, hostOf(new URL(host))];
}

/**
 * Whether a text is as a pattern says, with `*` for any characters and `?` for one. Goes back to the last `*` only, so that
 * no pattern takes longer than its length times that of the text.
 */
function fits(pattern: string, text: string): boolean {
  let p = 0;
  let star = -1;
  let from = 0;
  for (let t = 0; t < text.length;) {
    if (pattern[p] === '*') [star, from] = [p++, t];
    else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) [p, t] = [p + 1, t + 1];
    else if (star >= 0) [p, t] = [star + 1, (from += 1)];
    else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length && pattern !== '';
}

/** A context of the kubeconfig. */
export interface NamedContext {
  name: string;
  cluster: string;
  server: string;
}

/** What else names the cluster of a context: its server, and every context and cluster of the kubeconfig with the same server. */
export function aliasesOf(
  { context, cluster, server }: { context: string; cluster: string; server: string },
  contexts: readonly NamedContext[],
): string[] {
  const address = addressOf(server);
  const same = contexts.filter((one) => one.cluster === cluster || addressOf(one.server) === address);
  const names = [cluster, server, address, ...hostsOf(server), ...same.flatMap((one) => [one.name, one.cluster])];
  return [...new Set(names)].filter((name) => name !== '' && name !== context);
}

/** An address in the one way in which it is compared: without what is usual, user, query and the slash at the end. */
function addressOf(server: string): string {
  if (!URL.canParse(server)) return server.trim();
  const url = new URL(server);
  return `${url.protocol}//${hostOf(url)}${url.pathname.replace(/\/+$/, '')}`;
}

/** What names this machine; what listens everywhere is reached here, too. */
const LOOPBACK = /^(127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|\[::ffff:7f00:1\]|.+\.localhost)$/;

/** Host and port, where it is not the usual one. */
function hostOf({ hostname, port }: URL): string {
  const name = hostname.replace(/\.$/, '').replace(LOOPBACK, 'localhost');
  return port === '' ? name : `${name}:${port}`;
}

/** Host with and without the port, as it stands there and in the one way in which it is compared. */
function hostsOf(server: string): string[] {
  if (!URL.canParse(server)) return [];
  const url = new URL(server);
  const port = url.port || (url.protocol === 'http:' ? '80' : '443');
  const known = hostOf(Object.assign(new URL(server), { port: '' }));
  return [url.host, url.hostname, hostOf(url), known, `${known}:${port}`];
}

/** Entries that protect no context of the kubeconfig. */
export const withoutContext = (entries: readonly string[], contexts: readonly NamedContext[]): string[] =>
  entries.filter((entry) =>
    contexts.every(
      (one) =>
        ![one.name, ...aliasesOf({ ...one, context: one.name }, contexts)].some((name) => isProtected(name, [entry])),
    ),
  );

/** Entries that can be no namespace's name, nor a pattern for one. */
export const withoutNamespace = (entries: readonly string[]): string[] =>
  entries.filter((entry) => !/^[-a-z0-9*?]+$/i.test(entry));

/** True for what Kubernetes takes for a namespace's name: a DNS label. */
export const isNamespaceName = (name: string): boolean => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name);

/** Throws `notConfigured` for what a setting names instead of a namespace: `..` would lead to all of them. */
export function mustBeNamespace(name: string, setting: string): void {
  if (isNamespaceName(name)) return;
  throw new AppError('notConfigured', msg`"${name}" is not a valid namespace name.`, {
    hint: msg`Correct ${setting}: lowercase letters, digits and hyphens, at most 63.`,
  });
}
