import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/core/experiments/experiment';
import type { CommandContext } from '../../../src/ui/commands/context';
import { injectAnomaly } from '../../../src/ui/commands/inject/injectAnomaly';
import type { ClusterSession } from '../../../src/ui/session/session';
import { desk } from '../editor/desk';
import { useDemoWindow } from './demoWindow';

const CONTEXT = 'distdiag-demo';
const demo = useDemoWindow({ speed: 10 });
let session: ClusterSession;
let context: CommandContext;
let pods: string[];

beforeAll(() => void ({ session, context, pods } = demo));

afterEach(async () => {
  const { experiments } = await session.experiments.list();
  await session.injection.stopAll(experiments.map(({ ref }) => ref));
});

/** Runs the command with these answers; what it created. */
async function guided(...answers: (string | undefined)[]): Promise<readonly Experiment[]> {
  desk.answers.push(...answers);
  await injectAnomaly.run(context);
  return (await session.experiments.list()).experiments;
}

describe('the guided injection', () => {
  it('offers every fault by group, and its strengths with what they are', async () => {
    expect(await guided('Network loss', pods[0], undefined)).toEqual([]);
    const [faults, , strengths] = desk.texts('pick');
    for (const text of [
      'Recognized by the diagnosis',
      'Pod kill',
      'I/O mistake',
      'Clock skew',
      'DNS error',
      'HTTP delay',
    ])
      expect(faults).toContain(text);
    expect(strengths).toMatch(/Mild \| Loss 1%.*\nDefault severity \| Loss 10%.*\nSevere \| Loss 50%/);
  });

  it('leads to the templates for what it does not cover', async () => {
    expect(await guided('Write as YAML')).toEqual([]);
    expect(desk.commands).toEqual([['distdiag.newExperimentFromTemplate']]);
  });

  it('cuts two groups off from each other, the second of them picked too', async () => {
    const [made] = await guided(
      'Network partition',
      pods[0],
      pods[1],
      'Default severity',
      '3m',
      'Inject into 1 of 3',
      'Inject',
    );
    expect(made?.object.spec).toMatchObject({
      action: 'partition',
      direction: 'both',
      selector: { pods: { oceanbase: [pods[0]] } },
      target: { selector: { pods: { oceanbase: [pods[1]] } } },
      duration: '3m',
    });
    const preview = desk.texts('pick').at(-1);
    expect(preview).toContain('(6/6)');
    expect(preview).toContain('1 of 3 database pods (33%)');
    expect(preview).toContain('Isolated from');
    expect(preview).toContain('An isolated part of the database stops serving');
    expect(desk.texts('input')).toEqual([]); // one of three is no majority
  });

  it('says that all pods in the first group leave none for the second', async () => {
    expect(await guided('Network partition', pods.join(','), '<back>', undefined)).toEqual([]);
    expect(desk.texts('warning')[0]).toContain('Select fewer for the first');
  });

  it('kills a pod once, without a duration, after a warning', async () => {
    const [made] = await guided('Pod kill', pods[1], 'Default severity', 'once', 'Inject');
    expect(made?.object.spec).toMatchObject({ action: 'pod-kill', gracePeriod: 0 });
    expect(made?.object.spec).not.toHaveProperty('duration');
    const preview = desk.texts('pick').at(-1);
    expect(preview).toContain('(4/4)');
    expect(preview).toContain('It happens once: it has no duration and cannot be undone.');
    expect(desk.texts('warning')[0]).toContain('This cannot be undone');
    expect(desk.texts('information')[0]).toContain('was applied to');
  });

  it('asks for the context’s name where a majority is hit, and injects nothing without it', async () => {
    const answers = ['Pod failure', `${pods[0]},${pods[1]}`, '3m', 'Inject into 2 of 3', 'Inject…'];
    expect(await guided(...answers, 'wrong')).toEqual([]);
    expect(desk.texts('pick').at(-1)).toContain('2 of the 3 database pods are affected');
    desk.clear();
    expect(await guided(...answers, CONTEXT)).toHaveLength(1);
  });

  it('counts a majority with what runs already', async () => {
    await guided('CPU stress', pods[0], 'Default severity', '10m', 'Inject into 1 of 3');
    expect(desk.texts('warning')).toEqual([]);
    desk.clear();
    const made = await guided('Network loss', pods[1], 'Severe', '3m', 'Inject into 1 of 3', undefined);
    expect(made).toHaveLength(1);
    expect(desk.texts('pick').at(-1)).toContain('Including running experiments, 2 of the 3 database pods are affected');
  });

  it('has the volume chosen from the mounts', async () => {
    const [made] = await guided(
      'I/O fault',
      pods[2],
      'Mild',
      '/home/admin/data-log',
      '1m',
      'Inject into 1 of 3',
      'Inject',
    );
    expect(made?.object.spec).toMatchObject({
      action: 'fault',
      errno: 5,
      percent: 1,
      volumePath: '/home/admin/data-log',
    });
    expect(desk.texts('pick')[3]).toContain('/home/admin/data-file');
  });

  it('refuses a value as the webhook would, and goes on with a better one', async () => {
    const [made] = await guided(
      'Clock skew',
      pods[0],
      'Choose each value…',
      'yesterday',
      '-10m',
      '1m',
      'Inject into',
      'Inject',
    );
    expect(desk.texts('refused')[0]).toContain('must be a time such as 30s, or -10m');
    expect(made?.object.spec).toMatchObject({ timeOffset: '-600000ms' });
  });

  it('goes back step by step, and keeps nothing of what was left', async () => {
    const [made] = await guided(
      'Pod kill',
      pods[0],
      '<back>',
      '<back>',
      'DNS error',
      pods[1],
      'Default',
      '3m',
      'Inject into',
      'Inject',
    );
    expect(made?.object.kind).toBe('DNSChaos');
    expect(made?.object.spec['selector']).toMatchObject({ pods: { oceanbase: [pods[1]] } });
  });

  it('says what the server refuses in a namespace that has vanished, and creates nothing', async () => {
    const { config } = session;
    demo.session = { ...session, config: { ...config, chaosNamespace: 'vanished' } };
    try {
      expect(await guided('Container kill', pods[0], undefined)).toEqual([]);
    } finally {
      demo.session = session;
    }
    expect(desk.texts('pick').at(-1)).toMatch(/Cannot be injected[\s\S]*vanished/);
  });
});
