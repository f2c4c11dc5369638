import type * as vscode from 'vscode';

/** What lets us in at one Prometheus. */
export type PrometheusCredential = { token: string } | { username: string; password: string };

/** Credentials for Prometheus in the editor's secret storage, each for the server that it was given for and no other. */
export class PrometheusSecrets {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** What was given for this address; undefined where nothing was, or the address is none. */
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

  /** Keeps it in place of what was there; undefined removes that. */
  async write(url: string, credential: PrometheusCredential | undefined): Promise<void> {
    const key = keyOf(url);
    if (key === undefined) return;
    if (credential) await this.#secrets.store(key, JSON.stringify(credential));
    else await this.#secrets.delete(key);
  }
}

/** By scheme, host and port: a token must not go to a server that took its name's place on another port or without TLS. */
function keyOf(url: string): string | undefined {
  return URL.canParse(url) ? `distdiag.prometheus:${new URL(url).origin}` : undefined;
}

/** The address without the name and password that it holds; undefined where it holds none. */
export function withoutUser(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '') return undefined;
  parsed.username = parsed.password = '';
  return parsed.href;
}
