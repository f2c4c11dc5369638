import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { connect } from '../../../src/adapters/kubernetes/index';
import { loadKubeconfig } from '../../../src/adapters/kubernetes/connection/kubeconfig';
import { silentLog } from '../../support';
import { discovery, kubeconfigOf, kubernetesScene, TOKEN } from './kubernetesScene';

const scene = kubernetesScene();

describe('a kubeconfig', () => {
  const load = (content: string, options: { context?: string; trusted?: boolean } = {}): unknown => {
    writeFileSync(scene.file, content);
    return loadKubeconfig({ kubeconfigPath: scene.file, trusted: false, ...options });
  };

  it('that is missing, damaged or without the context says what to do, and never its content', () => {
    expect(() => loadKubeconfig({ kubeconfigPath: path.join(scene.directory, 'none'), trusted: true })).toThrow(
      /No kubeconfig was found at/,
    );
    expect(() => load(kubeconfigOf(scene.url), { context: 'other' })).toThrow(/no context "other"/);
    try {
      load(`token: ${TOKEN}\n  : {`);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'notConfigured', message: expect.stringContaining('cannot be read') });
      expect(inspect(error, { depth: 20 })).not.toContain(TOKEN);
    }
  });

  it('that starts a program is used in a trusted workspace only', () => {
    const exec = kubeconfigOf(scene.url, {
      exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'get-token', interactiveMode: 'Never' },
    });
    expect(() => load(exec)).toThrow(/not trusted/);
    expect(load(exec, { trusted: true })).toBeDefined();
  });

  const providers = (marker: string): [string, unknown][] => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: '/bin/sh',
      args: ['-c', `echo ran >> ${marker}; echo '{"status":{"token":"of-the-program"}}'`],
      interactiveMode: 'Never',
    };
    return [
      ['tokenFile', { exec }],
      ['tokenFile', { exec, tokenFile: 'token' }],
      ['exec', { exec }],
      ['other', { exec }],
      ['distdiag-exec', { entry: exec }],
      ['gcp', { 'cmd-path': '/bin/sh', 'cmd-args': `-c 'echo ran >> ${marker}'` }],
    ];
  };

  it('starts no program in a folder that is not trusted, by whatever provider', async () => {
    const marker = path.join(scene.directory, 'ran');
    writeFileSync(path.join(scene.directory, 'token'), 'of-the-file');
    for (const [name, config] of providers(marker)) {
      writeFileSync(scene.file, kubeconfigOf(scene.url, { 'auth-provider': { name, config } }));
      const options = { kubeconfigPath: scene.file, trusted: false, log: silentLog };
      const connection = await connect(options).catch(() => undefined);
      await connection?.access.user().catch(() => undefined);
      connection?.dispose();
      expect(existsSync(marker), `${name} ${Object.keys(config as object).join()}`).toBe(false);
    }
  });

  it('reaches a server over plain HTTP, as kubectl proxy is one, and sends it no credentials', async () => {
    const seen: unknown[] = [];
    scene.server.handler = ({ headers }, response) => {
      seen.push([headers.authorization, headers['impersonate-user']]);
      discovery(response);
    };
    const plain = kubeconfigOf(scene.url, { token: TOKEN, as: 'jane' });
    writeFileSync(scene.file, plain.replace(',"insecure-skip-tls-verify":true', ''));
    const connection = await connect({ kubeconfigPath: scene.file, trusted: false, log: silentLog });
    await connection.experiments.list().catch(() => undefined);
    connection.dispose();
    expect(seen).toEqual([[undefined, 'jane']]);
    expect(connection.facts).toMatchObject({ credentials: 'none, acting as jane', tls: 'none: plain HTTP' });
  });

  it('may be several files: of two entries with one name the first wins', () => {
    const second = path.join(scene.directory, 'second');
    const other = JSON.parse(kubeconfigOf('http://127.0.0.1:1', { token: 'x' })) as { contexts: unknown[] };
    other.contexts.push({ name: 'more', context: { cluster: 'test', user: 'test' } });
    writeFileSync(second, JSON.stringify(other));
    const before = process.env['KUBECONFIG'];
    process.env['KUBECONFIG'] = [scene.file, second, path.join(scene.directory, 'none')].join(path.delimiter);
    try {
      const config = loadKubeconfig({ trusted: false });
      expect(config.getContexts().map(({ name }) => name)).toEqual(['test', 'more']);
      expect(config.getCurrentCluster()?.server).toBe(scene.url);
    } finally {
      if (before === undefined) delete process.env['KUBECONFIG'];
      else process.env['KUBECONFIG'] = before;
    }
  });
});
