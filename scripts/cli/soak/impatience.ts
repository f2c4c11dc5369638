import { readFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';

/** Where a cluster's API server is, and how it lets one in. */
interface Access {
  server: string;
  ca: Buffer;
  authorization: string;
}

const CHAOS = '/apis/chaos-mesh.org/v1alpha1';
const WATCHED = [`${CHAOS}/iochaos`, `${CHAOS}/stresschaos`, `${CHAOS}/networkchaos`, '/api/v1/pods', '/api/v1/events'];
const between = (least: number, most: number): number => least + Math.random() * (most - least);
const anyOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;

/** Clients that leave in the middle of what they have asked for, read nothing of it, or send half of what they announce. */
export class ImpatientClients {
  readonly #access: Access;
  readonly #signal: AbortSignal;
  left = 0;

  constructor(kubeconfigPath: string, signal: AbortSignal) {
    const { clusters, users } = JSON.parse(readFileSync(kubeconfigPath, 'utf8')) as {
      clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
      users: [{ user: { token: string } }];
    };
    const { cluster } = clusters[0];
    this.#access = {
      server: cluster.server,
      ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
      authorization: `Bearer ${users[0].user.token}`,
    };
    this.#signal = signal;
  }

  /** Comes and goes until the signal. */
  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      anyOf([this.#watch, this.#stall, this.#query, this.#halfABody]).call(this);
      await delay(between(100, 600));
    }
  }

  /** Leaves before, when, or after the watch's time is over. */
  #watch(): void {
    const seconds = Math.ceil(between(0, 6));
    this.#ask(
      `${anyOf(WATCHED)}?watch=true&allowWatchBookmarks=true&timeoutSeconds=${seconds}`,
      {},
      between(10, 1500 * seconds),
    );
  }

  /** Reads nothing. */
  #stall(): void {
    this.#ask(`${anyOf(WATCHED)}?watch=true&timeoutSeconds=5`, {}, between(4000, 20_000), { reads: false });
  }

  /** A range query through the API server's proxy, as where no Prometheus address is set. */
  #query(): void {
    const now = Date.now() / 1000;
    const query = encodeURIComponent('{__name__=~"ob_sysstat|container_.*"}');
    const path = `/api/v1/namespaces/monitoring/services/prometheus-operated:web/proxy/api/v1/query_range?query=${query}&start=${now - 600}&end=${now}&step=15`;
    this.#ask(path, {}, between(0, 800));
  }

  #halfABody(): void {
    const headers = { 'content-type': 'application/json', 'content-length': '1000' };
    const path = `${CHAOS}/namespaces/oceanbase/iochaos?dryRun=All`;
    this.#ask(path, { method: 'POST', headers }, between(5, 200), { body: '{"kind":' });
  }

  #ask(path: string, options: RequestOptions, leaveMs: number, { reads = true, body = '' } = {}): void {
    const { server, ca, authorization } = this.#access;
    const headers = { ...options.headers, authorization };
    const asked = request(`${server}${path}`, { ...options, ca, headers, agent: false }, (answer) => {
      answer.on('error', () => undefined);
      if (reads) answer.resume();
    });
    asked.on('error', () => undefined);
    if (body) asked.write(body);
    else asked.end();
    setTimeout(() => {
      asked.destroy();
      this.left += 1;
    }, leaveMs);
  }
}
