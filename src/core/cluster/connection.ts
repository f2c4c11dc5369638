/** A connection's server and kind of credentials for display, without secrets. */
export interface ConnectionFacts {
  context: string;
  /** The kubeconfig's name of the cluster. */
  cluster: string;
  /** The API server's address, without credentials. */
  server: string;
  /** The context's own namespace. */
  namespace: string;
  /** The kubeconfig's name of the user. */
  user: string;
  /** `a token`, `the program "aws"`. */
  credentials: string;
  /** How the server's certificate is checked. */
  tls: string;
  /** The proxy on the way, without credentials. */
  proxy: string | undefined;
  /** `KUBECONFIG: /a, /b`. */
  source: string;
}

/** An address without its user, password, query and fragment: any of them may hold a secret. */
export function withoutSecrets(address: string): string {
  if (!URL.canParse(address)) return withoutUser(address).replace(/[?#].*$/s, '');
  const url = new URL(address);
  url.username = url.password = url.search = url.hash = '';
  const shown = url.pathname === '/' && !address.endsWith('/') ? url.href.slice(0, -1) : url.href;
  // A scheme that is none (`h:socks5://me:secret@…`) leaves all the rest to the path.
  return url.host === '' ? withoutUser(shown) : shown;
}

/** A text that only resembles an address, without all that may be a user and a password. */
function withoutUser(text: string): string {
  const from = text.indexOf('//') + 2;
  const to = text.lastIndexOf('@') + 1;
  return from >= 2 && to > from ? text.slice(0, from) + text.slice(to) : text;
}

/** True for an address of this machine itself. */
export function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  return hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname) || /(^|\.)localhost\.?$/.test(hostname);
}

/** True where whoever is on the way, a proxy too, can read what is sent to an address. */
export const isReadable = (address: string): boolean => /^http:/i.test(address) && !isLoopback(address);

/**
 * True where an API server is sent what lets us in for everybody on the way to read: by a proxy of another machine also
 * what has an address of this one. A certificate's key is never sent.
 */
export const hasReadableCredential = ({ server, proxy, credentials }: ConnectionFacts): boolean =>
  (isReadable(server) || (/^http:/i.test(server) && proxy !== undefined && !isLoopback(proxy))) &&
  /token|password|program|provider/.test(credentials);
