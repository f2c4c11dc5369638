import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';

// What a server says is read freely here: a wrong shape fails the test by itself.
export type Loose = any; // eslint-disable-line @typescript-eslint/no-explicit-any
export type Json = Record<string, unknown>;

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Loose;
}

/** Events of a watch, in order of arrival. */
interface Events {
  /** Resolves with the next event that fits. */
  next(fits: (event: Json & { object: Loose }) => boolean): Promise<Loose>;
  ended: Promise<void>;
}

/** A cluster for the tests of one file, spoken to as it is: by no library that would let nothing wrong through. */
export interface Server {
  readonly cluster: DemoCluster;
  readonly access: { ca: string; authorization: string };
  call(method: string, at: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  watch(at: string): Events;
  /** Resolves when a StressChaos that is being deleted is gone. */
  gone(name: string): Promise<void>;
}

export const CHAOS = '/apis/chaos-mesh.org/v1alpha1/namespaces/oceanbase/stresschaos';
export const MERGE = { 'content-type': 'application/merge-patch+json' };

/** Starts a cluster before the tests of this file, and takes away after each of them what it left. */
export function useServer(): Server {
  let directory: string;
  let cluster: DemoCluster;
  let access: Server['access'];
  const open = new Set<() => void>();

  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'distdiag-contract-'));
    cluster = await startDemoCluster({ directory, historyMinutes: 2, speed: 10, bookmarkMs: 200 });
    const kubeconfig = JSON.parse(readFileSync(cluster.kubeconfigPath, 'utf8')) as {
      clusters: { cluster: { 'certificate-authority-data': string } }[];
      users: { user: { token: string } }[];
    };
    const ca = Buffer.from(kubeconfig.clusters[0]!.cluster['certificate-authority-data'], 'base64').toString();
    access = { ca, authorization: `Bearer ${kubeconfig.users[0]!.user.token}` };
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const stop of open) stop();
    open.clear();
    cluster.controls.missingDaemons.clear();
    const { body } = await call('GET', CHAOS);
    for (const { metadata } of body.items as { metadata: { name: string } }[]) {
      await call('DELETE', `${CHAOS}/${metadata.name}`);
      await gone(metadata.name);
    }
  });

  function call(method: string, at: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { ca, authorization } = access;
      const text = body === undefined ? undefined : JSON.stringify(body);
      const type =
        text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
      const all = { authorization, ...type, ...headers };
      const request = httpsRequest(`${cluster.kubernetesUrl}${at}`, { method, ca, headers: all }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString();
          const json = (response.headers['content-type'] ?? '').includes('json');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: json ? JSON.parse(answer) : answer,
          });
        });
        response.on('error', reject);
      });
      request.on('error', reject);
      request.end(text);
    });
  }

  function watch(at: string): Events {
    const queue: Loose[] = [];
    let wake = (): void => undefined;
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const { ca, authorization } = access;
    const request = httpsRequest(`${cluster.kubernetesUrl}${at}`, { ca, headers: { authorization } }, (response) => {
      let rest = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() as string;
        queue.push(...lines.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown));
        wake();
      });
      response.on('close', end).on('error', end);
    });
    request.on('error', () => end());
    request.end();
    open.add(() => request.destroy());
    return {
      ended,
      async next(fits) {
        for (;;) {
          while (queue.length > 0) {
            const event = queue.shift() as Json & { object: Loose };
            if (fits(event)) return event;
          }
          await new Promise<void>((resolve) => (wake = resolve));
        }
      },
    };
  }

  const gone = async (name: string): Promise<void> => {
    const { status, body } = await call('GET', `${CHAOS}/${name}`);
    if (status === 404) return;
    const at = `${CHAOS}?watch=true&resourceVersion=${body.metadata.resourceVersion}`;
    await watch(at).next(named(name, 'DELETED'));
  };

  return {
    get cluster() {
      return cluster;
    },
    get access() {
      return access;
    },
    call,
    watch,
    gone,
  };
}

/** Fits events of one object. */
export const named =
  (name: string, type?: string) =>
  (event: Json & { object: Loose }): boolean =>
    event.object.metadata?.name === name && (type === undefined || event['type'] === type);

/** A stress on a pod of the database. */
export const stress = (name: string, spec: Json = {}, metadata: Json = {}): Json => ({
  apiVersion: 'chaos-mesh.org/v1alpha1',
  kind: 'StressChaos',
  metadata: { name, ...metadata },
  spec: {
    mode: 'one',
    selector: { labelSelectors: { 'ref-obcluster': 'obcluster' } },
    stressors: { cpu: { workers: 1, load: 100 } },
    ...spec,
  },
});

/** What has been tried on the first record of an experiment. */
export const recordEventsOf = (object: Loose): Loose[] =>
  object.status?.experiment?.containerRecords?.[0]?.events ?? [];

/** The phases of its records. */
export const phasesOf = (object: Loose): string[] =>
  (object.status?.experiment?.containerRecords ?? []).map((record: { phase: string }) => record.phase);
