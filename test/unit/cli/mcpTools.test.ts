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

it('the schema of the injection lists the faults that it takes', () => {
  const schema = served(true).find(({ name }) => name === 'distdiag_inject_anomaly')?.inputSchema as
    { properties: { type: { enum: string[] } } } | undefined;
  expect(schema?.properties.type.enum).toEqual([...ANOMALY_TYPES]);
});

it('the server says what it is for and what it may do', () => {
  expect(instructions(false)).toContain('may only read');
  expect(instructions(true)).toContain('may inject');
});
