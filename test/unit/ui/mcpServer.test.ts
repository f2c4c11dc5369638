import type * as vscode from 'vscode';
import { beforeEach, expect, it, vi } from 'vitest';
import { readArguments } from '../../../src/cli/commandLine/arguments';
import { prometheusWay } from '../../../src/cli/credentials';
import { registerMcpServer } from '../../../src/ui/scripting/mcpServer';
import type { Config } from '../../../src/ui/session/config';
import { lm } from '../editor/vscode';

type Provider = vscode.McpServerDefinitionProvider<vscode.McpStdioServerDefinition>;
let seen: unknown;
vi.mock('vscode', async (original) => ({
  ...(await original<object>()),
  McpStdioServerDefinition: class {
    constructor(
      readonly label: string,
      readonly command: string,
      readonly args: string[],
      public env: object,
      readonly version: string,
    ) {}
  },
}));

const config = (change: Partial<Config> = {}): Config =>
  ({
    kubeconfig: '/home/me/my config',
    context: '-odd',
    query: { namespace: 'ns', labelSelector: 'app=db', container: 'main' },
    prometheusUrl: 'https://prom.example:9090/',
    prometheusTls: { certificate: '', key: '', authority: '/ca.pem' },
    prometheusTenant: 'one',
    stepMs: 5000,
    trusted: true,
    ...change,
  }) as Config;

function register(now: Config, credential?: { token: string }): Provider {
  registerMcpServer({
    sessions: { config: () => now, onDidChange: () => ({ dispose: () => undefined }) },
    secrets: { read: async () => credential },
    root: '/extension',
    version: '1.2.3',
  });
  return seen as Provider;
}

beforeEach(() => {
  lm['registerMcpServerDefinitionProvider'] = (_: string, provider: Provider) => (seen = provider);
});

const definitionOf = async (provider: Provider): Promise<vscode.McpStdioServerDefinition> => {
  const [definition] = (await provider.provideMcpServerDefinitions({} as never)) ?? [];
  if (!definition) throw new Error('no server');
  return definition;
};
const resolved = async (provider: Provider): Promise<vscode.McpStdioServerDefinition> => {
  const definition = await provider.resolveMcpServerDefinition?.(await definitionOf(provider), {} as never);
  if (!definition) throw new Error('not resolved');
  return definition;
};

it('the editor’s agents get a server on the cluster of the window, by options that the command line takes, that only reads', async () => {
  const { args, command, version } = await definitionOf(register(config()));
  expect([command, version]).toEqual([process.execPath, '1.2.3']);
  expect(args[0]).toBe('/extension/dist/cli/distdiag.js');
  const line = readArguments(args.slice(1));
  expect(line).toMatchObject({
    command: 'mcp',
    options: {
      kubeconfig: '/home/me/my config',
      context: '-odd',
      namespace: 'ns',
      label: 'app=db',
      container: 'main',
      prometheus: 'https://prom.example:9090/',
      'prometheus-tenant': 'one',
      'prometheus-ca': '/ca.pem',
      step: '5',
      'allow-inject': false,
    },
  });
});

it('no credential is in what the editor keeps; the server gets it when it starts', async () => {
  const token = register(config(), { token: 's3cret' });
  expect(JSON.stringify(await definitionOf(token))).not.toContain('s3cret');
  const started = await resolved(token);
  expect(prometheusWay(readArguments(started.args.slice(1)).options, started.env as never).auth.token).toBe('s3cret');
  const address = register(config({ prometheusUrl: 'https://me:p%40ss@prom.example/' }));
  const kept = JSON.stringify(await definitionOf(address));
  expect(kept).toContain('https://prom.example/');
  expect(kept).not.toMatch(/p%40ss|p@ss|me:/);
  const { args, env } = await resolved(address);
  expect(JSON.stringify(args)).not.toMatch(/p%40ss|p@ss/);
  expect(prometheusWay(readArguments(args.slice(1)).options, env as never).auth).toMatchObject({
    username: 'me',
    password: 'p@ss',
  });
});

it('a definition of an earlier setting gets no credential of another server', async () => {
  const now = config({ prometheusUrl: 'https://a.example/' });
  const asked: string[] = [];
  registerMcpServer({
    sessions: { config: () => now, onDidChange: () => ({ dispose: () => undefined }) },
    secrets: {
      read: async (url) => {
        asked.push(url);
        return url.startsWith('https://b.') ? { token: 'for b' } : undefined;
      },
    },
    root: '/extension',
    version: '1.2.3',
  });
  const provider = seen as Provider;
  const earlier = await definitionOf(provider);
  for (const prometheusUrl of ['https://b.example/', 'https://me:for-b@b.example/']) {
    now.prometheusUrl = prometheusUrl;
    const started = await provider.resolveMcpServerDefinition?.(earlier, {} as never);
    expect(JSON.stringify(started)).not.toMatch(/for.b/);
  }
  expect(asked).toEqual(['https://a.example/', 'https://a.example/']);
});

it('a folder that is not trusted gets none: a kubeconfig of its would start programs', async () => {
  expect(await register(config({ trusted: false })).provideMcpServerDefinitions({} as never)).toEqual([]);
});

it('an editor without this part of its API starts all the same', () => {
  delete lm['registerMcpServerDefinitionProvider'];
  expect(() => register(config())).not.toThrow();
});
