/** True where an entry of a list names it, or is a pattern for it. The case does not matter: more is protected so. */
export const isProtected = (name: string, entries: readonly string[]): boolean =>
  entries.some((entry) => fits(entry.trim().toLowerCase(), name.trim().toLowerCase()));

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
  const host = URL.canParse(server) ? [new URL(server).host, new URL(server).hostname] : [];
  const names = [cluster, server, ...host, ...same.flatMap((one) => [one.name, one.cluster])];
  return [...new Set(names)].filter((name) => name !== '' && name !== context);
}

/** An address in the one way in which it is compared: without what is usual, user, query and the slash at the end. */
function addressOf(server: string): string {
  if (!URL.canParse(server)) return server.trim();
  const { protocol, host, pathname } = new URL(server);
  const known = host.replace(/\.(?=:|$)/, '').replace(/^(127\.0\.0\.1|\[::1\])(?=:|$)/, 'localhost');
  return `${protocol}//${known}${pathname.replace(/\/+$/, '')}`;
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
