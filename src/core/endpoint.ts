/** How one request to an endpoint is to be sent. Holds secrets: never log it. */
export interface EndpointAccess {
  headers: Readonly<Record<string, string>>;
  /** A `http.Agent` or `https.Agent` for the endpoint's scheme, with its TLS settings; undefined = the platform's own. */
  agent: unknown;
}

/** An HTTP API and the way to it: directly, or through the Kubernetes API server's service proxy. */
export interface HttpEndpoint {
  /** Without credentials and without a trailing slash; may be shown and logged. */
  baseUrl: string;
  /** Fresh for each request, as tokens expire. */
  access(): Promise<EndpointAccess>;
}

/** Shorter than this, a credential is as likely a word of the answer. */
const SHORTEST_SECRET = 6;

/** A server's words without what let us in: some repeat the header that they refuse. */
export function withoutCredentials(text: string, headers: Readonly<Record<string, string>>): string {
  const [, scheme = '', given = ''] = /^(\S+) +(\S+)$/.exec(headers['Authorization'] ?? '') ?? [];
  const basic = /^basic$/i.test(scheme) ? decoded(given) : '';
  const password = basic.slice(basic.indexOf(':') + 1);
  return [given, basic, password]
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
}

function decoded(base64: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  } catch {
    return '';
  }
}
