import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChaosObject } from '../../../src/core/experiments/experiment';
import { heldBy, withFields } from '../../../src/core/workflows/held';
import { chaosObject } from '../experiments/experiments';

const object = (kind: string, spec: Record<string, unknown>): ChaosObject => ({
  apiVersion: 'chaos-mesh.org/v1alpha1',
  kind,
  metadata: { name: 'held', namespace: 'chaos' },
  spec,
});
const STRESS = { mode: 'all', selector: {}, stressors: { cpu: { workers: 1 } } };
const stress = (name: string, deadline: string | undefined = '1m'): object => ({
  name,
  templateType: 'StressChaos',
  ...(deadline === '' ? {} : { deadline }),
  stressChaos: STRESS,
});
const kill = (name: string): object => ({
  name,
  templateType: 'PodChaos',
  deadline: '30s',
  podChaos: { action: 'pod-kill', mode: 'all', selector: {} },
});
const branch = (templateType: string, ...children: string[]): object => ({ name: 'entry', templateType, children });
const workflow = (...templates: object[]): ChaosObject => object('Workflow', { entry: 'entry', templates });
const names = (held: ReturnType<typeof heldBy>): string[][] =>
  held.moments.map((set) => set.map((i) => held.manifests[i]?.metadata.name ?? ''));

describe('what a schedule starts', () => {
  it('is its one experiment, in the schedule’s own namespace', () => {
    const { manifests, moments, endless } = heldBy(
      object('Schedule', { schedule: '@hourly', type: 'StressChaos', stressChaos: { ...STRESS, duration: '1m' } }),
    );
    expect(manifests).toEqual([object('StressChaos', { ...STRESS, duration: '1m' })]);
    expect([moments, endless]).toEqual([[[0]], []]);
  });

  it('without an end is told by the field that is missing, unless it happens once', () => {
    const of = (type: string, key: string, inner: object): unknown =>
      heldBy(object('Schedule', { schedule: '@hourly', type, [key]: inner })).endless;
    expect(of('StressChaos', 'stressChaos', STRESS)).toEqual([['spec', 'stressChaos', 'duration']]);
    expect(of('PodChaos', 'podChaos', { action: 'pod-kill' })).toEqual([]);
  });

  it.each<[string, string, object, number]>([
    ['one run at a time', '@every 1m', {}, 1],
    ['runs that overlap', '@every 1m', { concurrencyPolicy: 'Allow' }, 5],
    ['by a cron line too', '*/2 * * * *', { concurrencyPolicy: 'Allow' }, 3],
    ['at most so many', '@every 1s', { concurrencyPolicy: 'Allow' }, 10],
    ['times that cannot be read', 'now and then', { concurrencyPolicy: 'Allow' }, 10],
  ])('acts as often as it may at once: %s', (_, schedule, more, runs) => {
    const spec = { schedule, type: 'StressChaos', stressChaos: { ...STRESS, duration: '5m' }, ...more };
    expect(heldBy(object('Schedule', spec)).moments).toEqual([Array(runs).fill(0)]);
  });

  it('kills again before what it killed is back', () => {
    const podChaos = { action: 'pod-kill', mode: 'one', selector: {} };
    const of = (schedule: string): unknown =>
      heldBy(object('Schedule', { schedule, type: 'PodChaos', podChaos })).moments;
    expect([of('@every 20s'), of('@every 1h')]).toEqual([[[0, 0, 0]], [[0]]]);
  });

  it('may be a workflow', () => {
    const inner = { entry: 'entry', templates: [branch('Serial', 'a'), stress('a', '')] };
    const held = heldBy(object('Schedule', { schedule: '@daily', type: 'Workflow', workflow: inner }));
    expect(names(held)).toEqual([['a']]);
    expect(held.endless).toEqual([['spec', 'workflow', 'templates', 1, 'deadline']]);
  });
});

describe('what a workflow starts', () => {
  it('acts one after the other, or together', () => {
    expect(names(heldBy(workflow(branch('Serial', 'a', 'b'), stress('a'), stress('b'))))).toEqual([['a'], ['b']]);
    expect(names(heldBy(workflow(branch('Parallel', 'a', 'b'), stress('a'), stress('b'))))).toEqual([['a', 'b']]);
    const nested = workflow(
      branch('Parallel', 'row', 'c'),
      { ...branch('Serial', 'a', 'b'), name: 'row' },
      ...['a', 'b', 'c'].map((name) => stress(name)),
    );
    expect(names(heldBy(nested))).toEqual([
      ['a', 'c'],
      ['b', 'c'],
    ]);
  });

  it('is felt for a while after a kill, unless there is a pause', () => {
    const pause = (deadline: string): object => ({ name: 'p', templateType: 'Suspend', deadline });
    const row = branch('Serial', 'k', 'p', 'a');
    expect(names(heldBy(workflow(row, kill('k'), pause('10s'), stress('a')))).at(-1)).toEqual(['k', 'a']);
    expect(names(heldBy(workflow(row, kill('k'), pause('5m'), stress('a')))).at(-1)).toEqual(['a']);
  });

  it('leaves out what is never called, and tells what runs besides', () => {
    const task = { name: 'entry', templateType: 'Task', task: { container: { image: 'curl' } } };
    const held = heldBy(workflow({ ...task, conditionalBranches: [{ target: 'a' }] }, stress('a'), stress('lonely')));
    expect(names(held)).toEqual([['a']]);
    expect(held.images).toEqual(['curl']);
  });

  it('is told with everything that a task runs with, and what a check asks for', () => {
    const container = { image: 'kubectl', command: ['sh', '-c'], args: ['kubectl delete pods --all'] };
    const securityContext = { privileged: true };
    const task = { container: { ...container, securityContext }, volumes: [{ name: 'v', hostPath: { path: '/' } }] };
    const check = { mode: 'Synchronous', type: 'HTTP', http: { url: 'http://10.0.0.1/stop', method: 'POST' } };
    const { rest } = heldBy(
      workflow(
        branch('Serial', 't', 'c'),
        { name: 't', templateType: 'Task', task },
        { name: 'c', templateType: 'StatusCheck', deadline: '1m', statusCheck: check },
      ),
    );
    for (const line of [
      't: task.container.command: sh, -c',
      't: task.container.args: kubectl delete pods --all',
      't: task.container.securityContext.privileged: true',
      't: task.volumes[0].hostPath.path: /',
      'c: statusCheck.http.url: http://10.0.0.1/stop',
    ])
      expect(rest.lines).toContain(line);
    expect(rest.cut).toBe(false);
  });

  it('is counted as often as it is called, by the template that Chaos Mesh takes', () => {
    const harmless = { ...stress('a'), stressChaos: { ...STRESS, stressors: { cpu: { workers: 0 } } } };
    const held = heldBy(workflow(branch('Parallel', 'a', 'a', 'a'), harmless, stress('a')));
    expect(names(held)).toEqual([['a', 'a', 'a']]);
    expect(held.manifests.map(({ spec }) => spec['stressors'])).toEqual([1, 2, 3].map(() => STRESS.stressors));
    const endless = heldBy(workflow(branch('Serial', 'a', 'a'), stress('a', ''))).endless;
    expect(endless).toEqual([['spec', 'templates', 1, 'deadline']]);
  });

  it('is counted as often as it acts at once also where there are too many ways to tell apart', () => {
    const podChaos = { action: 'pod-kill', mode: 'one', selector: {} };
    const often = {
      name: 'often',
      templateType: 'Schedule',
      deadline: '10m',
      schedule: { schedule: '@every 1s', type: 'PodChaos', podChaos },
    };
    const serials = Array.from({ length: 9 }, (_, i) => ({
      name: `serial-${i}`,
      templateType: 'Serial',
      children: [`a-${i}`, `b-${i}`],
    }));
    const steps = serials.flatMap(({ children }) => children.map((name) => stress(name)));
    const entry = branch('Parallel', 'often', ...serials.map(({ name }) => name));
    const [worst = []] = names(heldBy(workflow(entry, often, ...serials, ...steps)));
    expect(worst.filter((name) => name === 'often')).toHaveLength(10);
  });

  it('that goes too deep or too far to be read says so', () => {
    const chain = Array.from({ length: 40 }, (_, i) => ({ ...branch('Serial', `r${i + 1}`), name: `r${i}` }));
    expect(heldBy(workflow(branch('Serial', 'r0'), ...chain)).rest.cut).toBe(true);
    const many = Array<string>(300).fill('a');
    expect(heldBy(workflow(branch('Serial', ...many), stress('a'))).rest.cut).toBe(true);
    expect(heldBy(workflow(branch('Serial', 'a'), stress('a'))).rest.cut).toBe(false);
  });

  it('ends though templates call each other, and is bounded', () => {
    const circle = workflow(branch('Serial', 'entry', 'a'), stress('a'));
    expect(heldBy(circle).manifests).toHaveLength(1);
    const rows = Array.from({ length: 12 }, (_, i) => ({ ...branch('Serial', `a${i}`, `b${i}`), name: `r${i}` }));
    const leaves = rows.flatMap((_, i) => [stress(`a${i}`), stress(`b${i}`)]);
    const wide = heldBy(workflow(branch('Parallel', ...rows.map(({ name }) => name)), ...rows, ...leaves));
    expect(wide.moments.length).toBeLessThanOrEqual(256);
    expect(Math.max(...wide.moments.map((set) => set.length))).toBeGreaterThanOrEqual(12);
  });

  it('gets the ends that are missing, where their places are there', () => {
    const given = workflow(branch('Parallel', 'a', 'b'), stress('a', ''), stress('b', ''));
    const { endless } = heldBy(given);
    const ended = withFields(given, [...endless, ['spec', 'nowhere', 'deadline']], '3m');
    expect(heldBy(ended).endless).toEqual([]);
    expect(heldBy(given).endless).toHaveLength(2);
    expect(ended.spec).not.toHaveProperty('nowhere');
  });
});

it('whatever a spec holds, nothing is thrown', () => {
  const word = fc.constantFrom(
    'Serial',
    'Parallel',
    'Task',
    'Suspend',
    'Schedule',
    'StressChaos',
    'Workflow',
    'a',
    'b',
  );
  const template = fc.record({
    name: word,
    templateType: word,
    children: fc.oneof(fc.array(word), fc.anything()),
    conditionalBranches: fc.anything(),
    task: fc.anything(),
    schedule: fc.oneof(fc.record({ type: word, workflow: fc.anything(), stressChaos: fc.anything() }), fc.anything()),
    stressChaos: fc.anything(),
  });
  fc.assert(
    fc.property(fc.constantFrom('Workflow', 'Schedule'), fc.array(template), word, (kind, templates, entry) => {
      const spec = { entry, templates, type: entry, workflow: { entry, templates } };
      const { manifests, moments } = heldBy({ ...chaosObject({ kind, spec }), kind });
      for (const place of moments.flat()) expect(manifests[place]).toBeDefined();
    }),
    { numRuns: 300 },
  );
});
