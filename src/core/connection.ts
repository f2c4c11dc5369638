/** Where a connection leads and how it is let in, in words that hold no secret: to be shown. */
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
  if (!URL.canParse(address)) return address.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/s, '');
  const url = new URL(address);
  url.username = url.password = url.search = url.hash = '';
  return url.pathname === '/' && !address.endsWith('/') ? url.href.slice(0, -1) : url.href;
}
