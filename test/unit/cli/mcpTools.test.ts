import path from 'node:path';
import { expect, it } from 'vitest';
import { instructions } from '../../../src/cli/mcp/server';
import { SessionKeeper } from '../../../src/cli/mcp/sessionKeeper';
import { servedTools } from '../../../src/cli/mcp/tools';
import { ANOMALY_TYPES } from '../../../src/core/faults/catalogue';
import { silentLog } from '../../support';

const served = (allowInject: boolean) =>
  servedTools({
    root: path.join(__dirname, '../../..'),
    allowInject,
    sessions: new SessionKeeper(() => Promise.reject(new Error('no cluster'))),
    log: silentLog,
  });

it('tools that act say that they are off where the server may only read', () => {
  const off = (allowInject: boolean): string[] =>
    served(allowInject).flatMap(({ name, description }) => (description.startsWith('Off: ') ? [name] : []));
  const acting = served(true).flatMap(({ name, annotations }) => (annotations.destructiveHint ? [name] : []));
  expect(acting.length).toBeGreaterThan(0);
  expect(off(false)).toEqual(acting);
  expect(off(true)).toEqual([]);
});

it('an unknown metric is refused with the one that was meant', async () => {
  const metrics = served(false).find(({ name }) => name === 'distdiag_metrics');
  await expect(metrics?.call({ metric: 'db.commit' }, new AbortController().signal)).rejects.toMatchObject({
    message: 'Unknown metric "db.commit".',
    hint: expect.toSatisfy((hint) => String(hint) === 'Did you mean db.commits?') as unknown,
  });
});

const call = async (name: string, input: object): Promise<unknown> => {
  const frame = {
    timestamps: Float64Array.of(1000, 2000),
    stepMs: 1000,
    nodes: ['ob-1', 'ob-2'],
    series: ['ob-1', 'ob-2'].map((node) => ({ metric: 'cpu.used', node, values: Float64Array.of(1, 2) })),
    problems: [],
  };
  const monitor = { refresh: () => Promise.resolve({ health: { state: 'fresh' }, frame }) };
  const tools = servedTools({
    root: path.join(__dirname, '../../..'),
    allowInject: true,
    sessions: new SessionKeeper(() => Promise.resolve({ monitor, lookAtMemory: () => undefined } as never)),
    log: silentLog,
  });
  return tools.find((tool) => tool.name === `distdiag_${name}`)?.call(input, new AbortController().signal);
};

it('the metrics are of the node that is asked for, and an unknown one is refused with those that there are', async () => {
  expect(await call('metrics', { node: 'ob-2' })).toMatchObject({
    fromMs: 1000,
    toMs: 2000,
    metrics: [{ node: 'ob-2' }],
  });
  const refused = (hint: string) => ({
    code: 'invalid',
    hint: expect.toSatisfy((said) => String(said) === hint) as unknown,
  });
  await expect(call('metrics', { node: 'nope' })).rejects.toMatchObject(refused('The nodes are ob-1, ob-2.'));
  await expect(call('metrics', { node: 'ob-3' })).rejects.toMatchObject(
    refused('Did you mean ob-1? The nodes are ob-1, ob-2.'),
  );
});

it.each([
  ['metrics', { metrics: ['cpu.used'] }, 'Unknown field "metrics". Did you mean metric?'],
  ['metrics', { pod: 'ob-1' }, 'Unknown field "pod". Expected one of metric, node.'],
  ['list_experiments', { namespace: 'x' }, 'Unknown field "namespace". This tool takes none.'],
  ['diagnose', { node: 'ob-1' }, 'Unknown field "node". This tool takes none.'],
  // Without its names, everything would be stopped.
  ['stop_experiments', { name: 'a' }, 'Unknown field "name". Did you mean names?'],
])('%s refuses %j, which it does not know', async (name, input, message) => {
  await expect(call(name, input)).rejects.toMatchObject({ code: 'invalid', message });
  const schema = served(true).find((tool) => tool.name === `distdiag_${name}`)?.inputSchema;
  expect(schema?.['additionalProperties']).toBe(false);
});

it('the schema of the injection lists the faults that it takes', () => {
  const schema = served(true).find(({ name }) => name === 'distdiag_inject_anomaly')?.inputSchema as
    { properties: { type: { enum: string[] } } } | undefined;
  expect(schema?.properties.type.enum).toEqual([...ANOMALY_TYPES]);
});

it('the server says what it is for and what it may do', () => {
  expect(instructions(false)).toContain('may only read');
  expect(instructions(true)).toContain('may inject');
});
