import type * as vscode from 'vscode';

/** Credentials for one Prometheus. */
export type PrometheusCredential = { token: string } | { username: string; password: string };

/** Credentials for Prometheus in the editor's secret storage, each only for the server that it was given for. */
export class PrometheusSecrets {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** The credentials for this address; undefined if there are none or the address is invalid. */
  async read(url: string): Promise<PrometheusCredential | undefined> {
    const key = keyOf(url);
    const text = key === undefined ? undefined : await this.#secrets.get(key);
    try {
      const value = JSON.parse(text ?? 'null') as Partial<Record<string, unknown>> | null;
      if (typeof value?.['token'] === 'string') return { token: value['token'] };
      const { username, password } = value ?? {};
      return typeof username === 'string' && typeof password === 'string' ? { username, password } : undefined;
    } catch {
      return undefined;
    }
  }

  /** Replaces the credentials; undefined removes them. */
  async write(url: string, credential: PrometheusCredential | undefined): Promise<void> {
    const key = keyOf(url);
    if (key === undefined) return;
    if (credential) await this.#secrets.store(key, JSON.stringify(credential));
    else await this.#secrets.delete(key);
  }
}

/** Scheme, host and port: a token must not go to another server on the same host, or out without TLS. */
function keyOf(url: string): string | undefined {
  return URL.canParse(url) ? `distdiag.prometheus:${new URL(url).origin}` : undefined;
}

/** The address without its user name and password; undefined if it has none. */
export function withoutUser(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '') return undefined;
  parsed.username = parsed.password = '';
  return parsed.href;
}
