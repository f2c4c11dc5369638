import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { connect, type ConnectOptions, type KubernetesConnection } from '../../../src/adapters/kubernetes/index';
import { silentLog } from '../../support';
import { chaosObject } from '../experiments/experiments';
import { json, TestServer } from './server';

/** In the kubeconfig, and nowhere else. */
export const TOKEN = 'secret-token-4711';
/** Where Chaos Mesh's kinds are. */
export const API = '/apis/chaos-mesh.org/v1alpha1';

/** A server that says what a test tells it to, and a connection to it. */
export interface KubernetesScene {
  server: TestServer;
  url: string;
  directory: string;
  /** The kubeconfig. */
  file: string;
  connection: KubernetesConnection;
}

/** A kubeconfig with one context. */
export function kubeconfigOf(address: string, user: unknown = { token: TOKEN }): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: address, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'test', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'db' } }],
    'current-context': 'test',
  });
}

/** A new one before each test, and its end after it. */
export function kubernetesScene(options: Partial<ConnectOptions> = {}): KubernetesScene {
  const scene = {} as KubernetesScene;
  beforeEach(async () => {
    scene.server = new TestServer();
    scene.url = await scene.server.start();
    scene.directory = mkdtempSync(path.join(tmpdir(), 'distdiag-kube-'));
    scene.file = path.join(scene.directory, 'config');
    writeFileSync(scene.file, kubeconfigOf(scene.url));
    scene.connection = await connect({
      kubeconfigPath: scene.file,
      trusted: false,
      log: silentLog,
      namespaces: ['db'],
      maxBackoffMs: 10,
      ...options,
    });
  });
  afterEach(async () => {
    scene.connection.dispose();
    await scene.server.stop();
    rmSync(scene.directory, { recursive: true, force: true });
  });
  return scene;
}

/** Answers with the API server's own kind of error. */
export const status = (response: ServerResponse, code: number, message: string, details?: unknown): void => {
  if (code === 429) response.setHeader('retry-after', '0');
  json(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code, details }, code);
};

/** Answers with the kinds that are there. */
export const discovery = (response: ServerResponse, ...kinds: string[]): void =>
  json(response, { resources: kinds.map((kind) => ({ kind, name: kind.toLowerCase() })) });

/** Answers with a list. */
export const list = (response: ServerResponse, items: unknown[], resourceVersion = '10'): void =>
  json(response, { metadata: { resourceVersion }, items });

/** An object that the cluster has had since this version. */
export const versioned = (name: string, resourceVersion: string): Record<string, unknown> => {
  const object = chaosObject({ name, records: [{}] });
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
};
