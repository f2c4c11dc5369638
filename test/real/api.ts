import { Agent, request } from 'node:https';

// What a server says is read freely here: a wrong shape fails by itself.
export type Loose = any; // eslint-disable-line @typescript-eslint/no-explicit-any

export interface Access {
  server: string;
  authority: string;
  token: string;
}

export interface Answer {
  status: number;
  body: Loose;
}

export type WatchEvent = { type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'; object: Loose };

/** A plain client of a Kubernetes API server: no library of the extension's, so that it cannot share their faults. */
export class Api {
  readonly access: Access;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(access: Access) {
    this.access = access;
  }

  dispose(): void {
    this.#agent.destroy();
  }

  call(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers: Record<string, string> = { authorization: `Bearer ${this.access.token}` };
      if (text !== undefined) {
        headers['content-type'] = type;
        headers['content-length'] = String(Buffer.byteLength(text));
      }
      const options = { method, headers, ca: this.access.authority, agent: this.#agent };
      const sent = request(this.access.server + path, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString();
          const json = (response.headers['content-type'] ?? '').includes('json');
          resolve({ status: response.statusCode ?? 0, body: json ? JSON.parse(answer) : answer });
        });
      });
      sent.on('error', reject);
      sent.end(text);
    });
  }

  /** As `call`, but an answer that is no success throws. */
  async must(method: string, path: string, body?: unknown, type?: string): Promise<Loose> {
    const answer = await this.call(method, path, body, type);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${answer.body.message ?? String(answer.body)}`);
    return answer.body;
  }

  /** Follows a watch until it is stopped; `ended` is called when the server ends it. */
  watch(path: string, onEvent: (event: WatchEvent) => void, ended: () => void): () => void {
    let stopped = false;
    const end = (): void => {
      if (!stopped) ended();
      stopped = true;
    };
    const headers = { authorization: `Bearer ${this.access.token}` };
    // An agent of its own: a watch would hold one of the shared connections for good.
    const sent = request(
      this.access.server + path,
      { headers, ca: this.access.authority, agent: false },
      (response) => {
        let rest = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() as string;
          for (const line of lines) if (line !== '' && !stopped) onEvent(JSON.parse(line) as WatchEvent);
        });
        response.on('close', end).on('error', end);
      },
    );
    sent.on('error', end);
    sent.end();
    return () => {
      stopped = true;
      sent.destroy();
    };
  }
}

/** Asks until the answer is as wanted. */
export async function until<T>(
  ask: () => Promise<T>,
  wanted: (answer: T) => boolean,
  what: string,
  limitMs = 30_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Does something with a server of the cluster: `apiserver` or `chaos-mesh`; answers what comes of it. */
export async function control(server: string, verb: 'start' | 'stop' | 'calls'): Promise<Loose> {
  const answer = await fetch(`${process.env['DISTDIAG_REAL_CONTROL']}/${server}/${verb}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`${server} ${verb}: ${await answer.text()}`);
  return answer.json();
}
