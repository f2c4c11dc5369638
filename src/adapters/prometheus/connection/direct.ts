import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { homedir } from 'node:os';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { msg } from '../../../core/base/text';
import { withoutSecrets } from '../../../core/cluster/connection';
import type { HttpEndpoint } from '../../../core/cluster/endpoint';
import { AppError } from '../../../core/base/errors';
import { withoutCall, withoutPage } from './address';

/** PEM files for TLS; each may be missing. */
export interface PrometheusTls {
  /** Our own certificate and its key, for a server that asks for one. */
  certificate?: string;
  key?: string;
  /** The authority that signed the server's; the machine's own where there is none. */
  authority?: string;
}

/** What lets us in at a Prometheus that is reached directly. */
export interface PrometheusAuth {
  token?: string;
  username?: string;
  password?: string;
  tls?: PrometheusTls;
  /** Of a server with several: `X-Scope-OrgID`. No secret. */
  tenant?: string;
}

/** Which tenant is asked for, where the server has several. */
export const tenantHeader = (tenant: string | undefined): Record<string, string> =>
  tenant ? { 'X-Scope-OrgID': tenant } : {};

/**
 * A Prometheus at an address, without the path of a page of its interface unless it is meant `exactly` as it stands;
 * credentials in the address move into its headers. Throws `notConfigured`.
 */
export function directEndpoint(url: string, auth: PrometheusAuth = {}, exactly = false): HttpEndpoint {
  const parsed = URL.canParse(url.trim()) ? new URL(url.trim()) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new AppError('notConfigured', 'The Prometheus address is not an http or https URL.', {
      hint: 'Correct distdiag.prometheus.url or PROMETHEUS_URL.',
    });
  }
  const username = auth.username ?? decoded(parsed.username);
  const password = auth.password ?? decoded(parsed.password);
  const headers = tenantHeader(auth.tenant);
  if (auth.token) headers['Authorization'] = `Bearer ${auth.token}`;
  else if (username !== '')
    headers['Authorization'] = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const path = exactly ? withoutCall(parsed.pathname) : withoutPage(parsed.pathname);
  const address = new URL(parsed.href);
  address.pathname = path;
  const baseUrl = withoutSecrets(address.href).replace(/\/+$/, '');
  const agent = parsed.protocol === 'https:' && auth.tls ? tlsAgent(auth.tls) : undefined;
  return { baseUrl, access: async () => ({ headers, agent: await agent?.() }) };
}

/** The same address as it stands, where it may be that of a page: to be tried first, as a proxy may use such a path too. */
export function exactEndpoint(url: string, auth: PrometheusAuth = {}): HttpEndpoint | undefined {
  const exact = directEndpoint(url, auth, true);
  return exact.baseUrl === directEndpoint(url, auth).baseUrl ? undefined : exact;
}

/** In words, what lets us in; undefined when nothing does. */
export function credentialsText(url: string, auth: PrometheusAuth = {}): string | undefined {
  const inAddress = URL.canParse(url) && new URL(url).username !== '';
  const words = [
    auth.token ? 'a token' : auth.username || inAddress ? 'a user name and a password' : undefined,
    auth.tls?.certificate ? 'a client certificate' : undefined,
  ].filter(Boolean);
  return words.length > 0 ? words.join(' and ') : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that encodes nothing
  }
}

/** An agent with the current files, recreated when one of them has changed. */
function tlsAgent(tls: PrometheusTls): () => Promise<Agent | undefined> {
  let known: { agent: Agent; material: string } | undefined;
  return async () => {
    const [cert, key, ca] = await Promise.all([
      pem(tls.certificate, 'distdiag.prometheus.clientCertificate'),
      pem(tls.key, 'distdiag.prometheus.clientKey'),
      pem(tls.authority, 'distdiag.prometheus.certificateAuthority'),
    ]);
    if (cert === undefined && key === undefined && ca === undefined) return undefined;
    if ((cert === undefined) !== (key === undefined)) {
      throw new AppError(
        'notConfigured',
        'A client certificate for Prometheus requires its key, and a key its certificate.',
        {
          hint: 'Set both distdiag.prometheus.clientCertificate and distdiag.prometheus.clientKey.',
        },
      );
    }
    const material = JSON.stringify([cert, key, ca]);
    if (known?.material === material) return known.agent;
    const options = { ...(cert ? { cert } : {}), ...(key ? { key } : {}), ...(ca ? { ca } : {}) };
    try {
      createSecureContext(options);
    } catch {
      // The library's message may quote the file.
      throw new AppError('notConfigured', 'The certificate files for Prometheus are not matching PEM files.', {
        hint: 'Check distdiag.prometheus.clientCertificate, clientKey and certificateAuthority; an encrypted key cannot be used.',
      });
    }
    known = { agent: new Agent({ keepAlive: true, ...options }), material };
    return known.agent;
  };
}

async function pem(file: string | undefined, setting: string): Promise<string | undefined> {
  if (!file) return undefined;
  try {
    return await readFile(file.startsWith('~/') ? path.join(homedir(), file.slice(1)) : file, 'utf8');
  } catch {
    throw new AppError('notConfigured', msg`The file of ${setting} cannot be read.`, { hint: 'Check the setting.' });
  }
}
