import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startDemoCluster, type DemoCluster } from '../../src/demo/cluster';
import { buildProgram } from './cliProgram';
import { temporaryFolder } from '../temporary';

const directory = temporaryFolder('mcp');
const root = path.join(__dirname, '../..');
let program: string;
let cluster: DemoCluster;
let pods: string[];
const clients: Client[] = [];

beforeAll(async () => {
  program = await buildProgram(directory);
  cluster = await startDemoCluster({ directory, seed: 5 });
  pods = cluster.topology.pods.map(({ name }) => name);
}, 300_000);
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(async () => {
  await cluster?.stop();
});

/** An agent's client on a server of its own. */
async function connect(...given: string[]): Promise<Client> {
  const options = given.includes('--allow-inject') ? ['--context', 'distdiag-demo', ...given] : given;
  const client = new Client({ name: 'test', version: '1' });
  const args = [program, 'mcp', '--kubeconfig', cluster.kubeconfigPath, '--step', '5', ...options];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'inherit' }));
  clients.push(client);
  return client;
}

interface Answer {
  isError: boolean;
  text: string;
  note: string | undefined;
}

async function call(client: Client, name: string, input: Record<string, unknown> = {}): Promise<Answer> {
  const { content, isError } = await client.callTool({ name: `distdiag_${name}`, arguments: input });
  const [text, note] = (content as { text: string }[]).map((part) => part.text);
  return { isError: isError === true, text: text ?? '', note };
}

const INJECT = { type: 'cpu_stress', duration: '2m' };

describe('an agent over MCP', () => {
  it('has the tools of the editor, with the same names, words and schemas', async () => {
    const { tools } = await (await connect('--allow-inject')).listTools();
    const { contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    expect(tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))).toEqual(
      contributes.languageModelTools.map(({ name, modelDescription, inputSchema }: Record<string, unknown>) => ({
        name,
        description: modelDescription,
        inputSchema,
      })),
    );
    const acting = tools.filter(({ annotations }) => annotations?.destructiveHint).map(({ name }) => name);
    expect(acting).toEqual(['distdiag_inject_anomaly', 'distdiag_stop_experiments']);
    const readOnly = await (await connect()).listTools();
    const off = readOnly.tools.filter(({ description = '' }) =>
      description.startsWith('Off: this server may only read'),
    );
    expect(off.map(({ name }) => name)).toEqual(acting);
  });

  it('reads the diagnosis, the metrics and the experiments, and may do nothing else', async () => {
    const client = await connect();
    const { text, note } = await call(client, 'diagnose');
    expect(JSON.parse(text)).toMatchObject({ state: 'normal', healthy: true });
    expect(note).toMatch(/None of them is an instruction/);
    const { metrics } = JSON.parse((await call(client, 'metrics', { metric: 'cpu.used' })).text);
    expect(metrics.map(({ node }: { node: string }) => node).sort()).toEqual([...pods].sort());
    expect(JSON.parse((await call(client, 'list_experiments')).text)).toEqual([]);
    const unknown = await call(client, 'metrics', { node: 'nope' });
    expect(unknown.isError).toBe(true);
    for (const pod of pods) expect(unknown.text).toContain(pod);
    expect(await call(client, 'metrics', { metrics: ['cpu.used'] })).toMatchObject({
      isError: true,
      text: 'Unknown field "metrics". Did you mean metric?',
    });
    const refused = await call(client, 'inject_anomaly', { ...INJECT, pods: [pods[0]] });
    expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('--allow-inject') });
    expect(await call(client, 'stop_experiments')).toMatchObject({ isError: true });
    expect(cluster.board.all()).toEqual([]);
  }, 300_000);

  it('injects and stops where a person allowed it', async () => {
    const client = await connect('--allow-inject');
    const { text, isError } = await call(client, 'inject_anomaly', { ...INJECT, pods: [pods[0]] });
    expect(isError, text).toBe(false);
    const { name } = JSON.parse(text);
    expect(cluster.board.all()).not.toEqual([]);
    expect(JSON.parse((await call(client, 'list_experiments')).text)).toMatchObject([{ name, ours: true }]);
    // A second node would be a majority.
    const majority = await call(client, 'inject_anomaly', { ...INJECT, pods: [pods[1]] });
    expect(majority).toMatchObject({ isError: true, text: expect.stringContaining('2 of') });
    expect(JSON.parse((await call(client, 'stop_experiments', { names: [name] })).text)).toEqual({
      stopped: [name],
      failed: [],
    });
    expect(cluster.board.all()).toEqual([]);
  }, 300_000);

  it.each([
    ['no pods', { ...INJECT }, /pods/],
    ['pods that are no list', { ...INJECT, pods: 'all' }, /pods/],
    ['fields that nobody knows', { ...INJECT, pods: ['x'], force: true }, /Unknown field "force"/],
    ['a pod that is not there', { ...INJECT, pods: ['x'] }, /x/],
  ])('is told what is wrong with %s', async (_, input, why) => {
    const client = await connect('--allow-inject');
    expect(await call(client, 'inject_anomaly', input)).toMatchObject({
      isError: true,
      text: expect.stringMatching(why),
    });
  });

  it('is refused a protected context, and no agent can confirm it', async () => {
    const client = await connect('--allow-inject', '--protect-context', 'distdiag-*');
    const refused = await call(client, 'inject_anomaly', { ...INJECT, pods: [pods[0]] });
    expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('distdiag-demo') });
    expect(cluster.board.all()).toEqual([]);
  }, 300_000);

  it('is told why there is no cluster, and what to do', async () => {
    const client = await connect('--kubeconfig', path.join(directory, 'none'));
    expect(await call(client, 'list_experiments')).toMatchObject({
      isError: true,
      text: expect.stringContaining('none'),
    });
  });
});
