import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import type { KubeConfig, User } from '@kubernetes/client-node';
import { msg, type Text } from '../../../core/base/text';
import { AppError } from '../../../core/base/errors';
import { isRecord, recordsOf, textOf } from '../../../core/base/unknown';
import type { LoadedCluster } from './kubeconfigFile';

/** A user's `exec` entry of the kubeconfig. */
type ExecEntry = Readonly<Record<string, unknown>>;

interface Credential {
  token: string | undefined;
  certificate: string | undefined;
  key: string | undefined;
  /** Epoch milliseconds; Infinity where the program names no end. */
  until: number;
}

/** Credentials are renewed a little before they expire, so that they do not expire during a request. */
const EARLY_MS = 10_000;
/** A program may open a browser and wait for a sign-in. */
const TIMEOUT_MS = 120_000;
const MAX_OUTPUT = 1024 * 1024;
/** Where the entry is kept: under its own key the library would run the program itself, for every request. */
const PROVIDER = 'distdiag-exec';

/**
 * Credentials from the programs that a kubeconfig names, run as kubectl runs them: once, until what they gave ends or
 * the server refuses it, and told of the cluster. What they print, on either stream, is never shown or logged.
 */
export class ExecCredentials {
  readonly #config: KubeConfig;
  readonly #timeoutMs: number;
  #credential: Promise<Credential> | undefined;
  #askedAt = 0;
  #until = 0;

  /** Takes the place of the library's own way to run the current user's program. */
  constructor(config: KubeConfig, timeoutMs = TIMEOUT_MS) {
    this.#config = config;
    this.#timeoutMs = timeoutMs;
    const user = config.getCurrentUser() as (User & { exec?: unknown }) | null;
    if (!isRecord(user?.exec)) return;
    const entry = user.exec;
    user.exec = undefined;
    (user as { authProvider?: unknown }).authProvider = { name: PROVIDER, config: { entry } };
    config.addAuthenticator({
      isAuthProvider: (one) => (one.authProvider as { name?: string } | undefined)?.name === PROVIDER,
      applyAuthentication: (_user, options) => this.#apply(entry, options as RequestOptions),
    });
  }

  /** What the program gave was refused to a request of that time: the next one asks for another. False where no program gave any. */
  forget(requestedAt: number): boolean {
    if (!this.#credential) return false;
    // Of several that were refused together the first asks for all.
    if (this.#askedAt < requestedAt) this.#credential = undefined;
    return true;
  }

  async #apply(entry: ExecEntry, options: RequestOptions): Promise<void> {
    if (this.#credential && Date.now() > this.#until - EARLY_MS) this.#credential = undefined;
    this.#credential ??= this.#ask(entry);
    const { token, certificate, key } = await this.#credential;
    if (certificate !== undefined) options.cert = certificate;
    if (key !== undefined) options.key = key;
    if (token !== undefined) (options.headers as Record<string, string>)['Authorization'] = `Bearer ${token}`;
  }

  async #ask(entry: ExecEntry): Promise<Credential> {
    this.#until = Infinity; // while it runs
    this.#askedAt = performance.now();
    try {
      const credential = parseCredential(await this.#run(entry), nameOf(entry));
      this.#until = credential.until;
      return credential;
    } catch (error) {
      this.#credential = undefined;
      throw error;
    }
  }

  #run(entry: ExecEntry): Promise<string> {
    const name = nameOf(entry);
    if (entry['interactiveMode'] === 'Always')
      throw failure(
        msg`The credential program "${name}" requires a terminal.`,
        'Sign in with kubectl in a terminal, or choose another context.',
      );
    const env: NodeJS.ProcessEnv = { ...process.env, KUBERNETES_EXEC_INFO: JSON.stringify(this.#info(entry)) };
    for (const one of recordsOf(entry['env'])) env[textOf(one['name'])] = textOf(one['value']);
    const args = Array.isArray(entry['args']) ? entry['args'].map(textOf) : [];
    return new Promise((resolve, reject) => {
      const child = spawn(textOf(entry['command']), args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
      let output = '';
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        child.stdout.destroy();
        // Not when its output is closed: what it has started may hold that open for ever.
        reject(
          failure(
            msg`The credential program "${name}" did not exit in time.`,
            'It may be waiting for you to sign in: run kubectl in a terminal.',
          ),
        );
      }, this.#timeoutMs);
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        if (output.length < MAX_OUTPUT) output += text;
      });
      child.once('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        const why =
          error.code === 'ENOENT'
            ? msg`The credential program "${name}" was not found.`
            : msg`The credential program "${name}" could not be started (${error.code ?? 'unknown'}).`;
        reject(failure(why, 'Install it, or check that the editor was started with your shell’s PATH.'));
      });
      child.once('close', (code, signal) => {
        clearTimeout(timer);
        if (code !== 0)
          reject(failure(msg`The credential program "${name}" exited with ${signal ?? msg`code ${code ?? 0}`}.`));
        else resolve(output);
      });
    });
  }

  /** What the protocol tells a program; the cluster only where it asks for it. */
  #info(entry: ExecEntry): unknown {
    const cluster: LoadedCluster | null = this.#config.getCurrentCluster();
    const told = entry['provideClusterInfo'] === true && cluster;
    return {
      apiVersion: textOf(entry['apiVersion']),
      kind: 'ExecCredential',
      spec: {
        interactive: false,
        ...(told
          ? {
              cluster: {
                server: cluster.server,
                'insecure-skip-tls-verify': cluster.skipTLSVerify === true,
                ...authorityOf(cluster),
                ...(cluster.tlsServerName ? { 'tls-server-name': cluster.tlsServerName } : {}),
                ...(cluster.proxyUrl ? { 'proxy-url': cluster.proxyUrl } : {}),
                ...(cluster.execConfig === undefined ? {} : { config: cluster.execConfig }),
              },
            }
          : {}),
      },
    };
  }
}

/** The authority as a program is told of it: always as data, as kubectl does it. */
function authorityOf({ caData, caFile }: LoadedCluster): { 'certificate-authority-data'?: string } {
  const data = caData || (caFile ? readFileSync(caFile, 'base64') : '');
  return data ? { 'certificate-authority-data': data } : {};
}

/** A program's file name, without its arguments, which may contain secrets, and its folder. */
export const nameOf = (entry: ExecEntry): string => textOf(entry['command']).split(/[\\/]/).at(-1) || 'without a name';

/** The credential in what a program printed, which is unknown text. Throws AppError (`unauthorized`), which quotes none of it. */
export function parseCredential(output: string, name: string): Credential {
  let answer: unknown;
  try {
    answer = JSON.parse(output) as unknown;
  } catch {
    throw failure(msg`The credential program "${name}" printed no JSON.`);
  }
  const status = isRecord(answer) && isRecord(answer['status']) ? answer['status'] : {};
  const text = (key: string): string | undefined => textOf(status[key]).trim() || undefined;
  const token = text('token');
  const certificate = text('clientCertificateData');
  const key = text('clientKeyData');
  if (token === undefined && (certificate === undefined || key === undefined))
    throw failure(msg`The credential program "${name}" returned neither a token nor a client certificate.`);
  const until = Date.parse(textOf(status['expirationTimestamp']));
  return { token, certificate, key, until: Number.isNaN(until) ? Infinity : until };
}

function failure(message: Text, hint?: Text): AppError {
  return new AppError('unauthorized', message, {
    hint: hint ?? 'Check that kubectl works with this context; the program may need you to sign in.',
  });
}
