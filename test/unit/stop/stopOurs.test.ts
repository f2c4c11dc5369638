import { beforeEach, describe, expect, it } from 'vitest';
import { emergencyStop } from '../../../src/core/stop/emergencyStop';
import { AppError } from '../../../src/core/base/errors';
import { findOurs, oursIn, partOf, refsOf, withOurs } from '../../../src/core/stop/ours';
import { stopPart } from '../../../src/core/stop/stopOurs';
import { settle } from '../../support';
import { HeldCluster, namesOf } from '../injection/heldCluster';

const WORKFLOW = 'chaos-mesh.org/workflow';

let cluster: HeldCluster;

beforeEach(() => {
  cluster = new HeldCluster();
});

const ours = async (): Promise<string[]> => namesOf(refsOf(oursIn(await findOurs(cluster.parts()))));

describe('what is ours', () => {
  it('is what carries either of our marks', async () => {
    cluster.addOurs('labelled', 'StressChaos');
    cluster.add('annotated', { annotations: { 'distdiag.io/created-by': 'x' } });
    cluster.add('schedule', { kind: 'Schedule', annotations: { 'distdiag.io/created-by': 'x' } });
    cluster.add('theirs', { labels: { 'app.kubernetes.io/managed-by': 'helm' } });
    expect(await ours()).toEqual(['annotated', 'labelled', 'schedule']);
  });

  it('is also what that has started, however far down, by owner references', async () => {
    cluster.addOurs('nightly', 'Schedule');
    cluster.add('flow', { kind: 'Workflow', by: 'nightly' });
    cluster.add('entry', { kind: 'WorkflowNode', by: 'flow' });
    cluster.add('step', { kind: 'WorkflowNode', by: 'entry' });
    cluster.add('inner', { kind: 'Schedule', by: 'step' });
    cluster.add('deep', { kind: 'NetworkChaos', by: 'inner' });
    cluster.add('their-flow', { kind: 'Workflow' });
    cluster.add('their-child', { by: 'their-flow' });
    expect(await ours()).toEqual(['deep', 'flow', 'inner', 'nightly']);
    const { experiments } = await cluster.list();
    const seen = withOurs(experiments, await cluster.orchestration.list());
    expect(seen.map(({ ref, ours: mine }) => [ref.name, mine])).toEqual([
      ['deep', true],
      ['their-child', false],
    ]);
  });

  it('is found by Chaos Mesh’s labels where an owner cannot be seen, in the same namespace alone', async () => {
    cluster.addOurs('flow', 'Workflow');
    cluster.addOurs('often', 'Schedule');
    cluster.add('of-flow', { labels: { [WORKFLOW]: 'flow' }, by: 'a node that may not be listed' });
    cluster.add('of-often', { labels: { 'managed-by': 'often' } });
    const elsewhere = cluster.add('elsewhere', { labels: { [WORKFLOW]: 'flow' } });
    elsewhere.metadata.namespace = 'other';
    expect(await ours()).toEqual(['flow', 'of-flow', 'of-often', 'often']);
  });

  it('does not follow owners that own each other for ever', async () => {
    const a = cluster.addOurs('a', 'Workflow');
    const b = cluster.add('b', { kind: 'Workflow', by: 'a' });
    a.metadata['ownerReferences'] = [{ uid: b.metadata.uid }];
    expect(await ours()).toEqual(['a', 'b']);
  });
});

describe('a stop of everything of ours', () => {
  const stopAll = async (): ReturnType<typeof stopPart> => {
    const parts = cluster.parts();
    return cluster.until(stopPart(parts, oursIn(await findOurs(parts))));
  };

  it('ends what starts more before what it has started, and leaves others alone', async () => {
    cluster.addOurs('flow', 'Workflow');
    cluster.add('child', { by: 'flow' });
    cluster.add('theirs');
    const report = await stopAll();
    expect(namesOf(report.stopped)).toEqual(['child', 'flow']);
    expect(report).toMatchObject({ failed: [], lost: [] });
    expect(cluster.names).toEqual(['theirs']);
    const { calls } = cluster;
    expect(calls.indexOf('delete flow')).toBeLessThan(calls.indexOf('delete child'));
  });

  it('counts and names what is stuck though what has started it is gone, now and when it is asked again', async () => {
    cluster.addOurs('flow', 'Workflow');
    cluster.add('child', { by: 'flow', stuck: true });
    const first = await stopAll();
    expect(namesOf(first.stopped)).toEqual(['flow']);
    expect(first.failed).toMatchObject([{ ref: { name: 'child' }, error: { code: 'stuck' } }]);
    expect(cluster.names).toEqual(['child']);
    expect(await ours()).toEqual(['child']); // also in every other window
    expect((await stopAll()).failed).toMatchObject([{ ref: { name: 'child' } }]);
  });

  it('takes what was started while it was stopped too', async () => {
    cluster.addOurs('flow', 'Workflow');
    cluster.add('node', { kind: 'WorkflowNode', by: 'flow' });
    cluster.add('child', { by: 'node' });
    let again = 2;
    cluster.onDelete = () => {
      if (again-- > 0) cluster.add(`again-${again}`, { by: 'node' });
    };
    const report = await stopAll();
    expect(namesOf(report.stopped)).toEqual(['again-0', 'again-1', 'child', 'flow']);
    expect(report).toMatchObject({ failed: [], lost: [] });
    expect(cluster.names).toEqual(['node']);
  });

  it('is no success where more is started whatever is stopped', async () => {
    cluster.addOurs('flow', 'Workflow');
    cluster.add('child', { by: 'flow' });
    let made = 0;
    cluster.onDelete = () => void cluster.add(`more-${(made += 1)}`, { by: 'child', labels: { [WORKFLOW]: 'flow' } });
    const { lost } = await stopAll();
    expect(lost).toMatchObject([{ code: 'stuck', message: expect.stringContaining('StressChaos more-') as string }]);
    expect(made).toBeLessThan(10);
  });

  it('says what could not be looked at', async () => {
    cluster.addOurs('flow', 'Workflow');
    const error = new AppError('server', 'list Schedule: HTTP 500');
    cluster.lost = [{ kind: 'Schedule', error }];
    expect(await stopAll()).toMatchObject({ failed: [], lost: [error] });
    expect((await findOurs(cluster.parts())).doubt).toBe(error);
  });

  it('makes nothing ours that was not', async () => {
    const flow = cluster.add('theirs', { kind: 'Workflow' });
    cluster.add('child', { by: 'theirs', stuck: true });
    const parts = cluster.parts();
    await cluster.until(stopPart(parts, partOf(await findOurs(parts), [flow])));
    expect(cluster.names).toEqual(['child']);
    expect(await ours()).toEqual([]);
  });

  it('of a part stops that and what it has started, and nothing else of ours', async () => {
    const flow = cluster.addOurs('flow', 'Workflow');
    cluster.add('child', { by: 'flow' });
    cluster.addOurs('other', 'StressChaos');
    const parts = cluster.parts();
    const look = await findOurs(parts);
    cluster.add('since', { by: 'flow' });
    cluster.addOurs('other-since', 'StressChaos');
    const report = await cluster.until(stopPart(parts, partOf(look, [flow])));
    expect(namesOf(report.stopped)).toEqual(['child', 'flow', 'since']);
    expect(cluster.names).toEqual(['other', 'other-since']);
  });
});

describe('an emergency stop', () => {
  const stop = async (): ReturnType<typeof emergencyStop> => cluster.until(emergencyStop(cluster.parts(), []));

  it('pauses, deletes and reports also what our workflows and schedules have started', async () => {
    cluster.addOurs('often', 'Schedule');
    cluster.add('flow', { kind: 'Workflow', by: 'often' });
    cluster.add('node', { kind: 'WorkflowNode', by: 'flow' });
    cluster.add('child', { by: 'node' });
    cluster.add('theirs');
    const report = await stop();
    expect(report.outcomes.map(({ experiment, end }) => [experiment.ref.name, end])).toEqual([
      ['child', 'gone'],
      ['often', 'gone'],
      ['flow', 'gone'],
    ]);
    const { calls } = cluster;
    expect(calls.indexOf('pause child')).toBeGreaterThan(-1);
    expect(calls.indexOf('pause child')).toBeLessThan(calls.indexOf('mark child'));
    expect(calls.indexOf('mark child')).toBeLessThan(calls.indexOf('delete child'));
    expect(report.others.map(({ ref }) => ref.name)).toEqual(['theirs']);
    expect(cluster.names).toEqual(['node', 'theirs']);
  });

  it('never says that nothing is left while a target is held, however often it is asked', async () => {
    cluster.addOurs('flow', 'Workflow');
    cluster.add('child', { by: 'flow', stuck: true });
    for (let time = 0; time < 2; time++)
      expect((await stop()).outcomes).toContainEqual(
        expect.objectContaining({
          end: 'held',
          experiment: expect.objectContaining({
            ref: expect.objectContaining({ name: 'child' }) as unknown,
          }) as unknown,
          targets: [expect.objectContaining({ recovered: false })],
        }),
      );
  });

  it('calls a workflow that cannot be deleted held, whatever its targets say', async () => {
    cluster.addOurs('flow', 'Workflow');
    const remove = cluster.delete.bind(cluster);
    cluster.delete = (ref: { name: string; kind?: string }) =>
      ref.name === 'flow' ? Promise.reject(new AppError('forbidden', 'you may not')) : remove(ref);
    const { outcomes } = await stop();
    expect(outcomes).toMatchObject([{ end: 'held', deleteError: { code: 'forbidden' } }]);
  });

  it('gives no all-clear for what acts in another cluster, until that is gone', async () => {
    const away = cluster.addOurs('away', 'StressChaos');
    Object.assign(away, { spec: { ...away.spec, remoteCluster: 'production' }, status: undefined });
    cluster.stuck.add('away');
    expect((await stop()).outcomes).toMatchObject([{ end: 'held' }]);
  });

  it('does not wait for a list that hangs before it pauses, and stops what that holds as soon as it is there', async () => {
    cluster.addOurs('one', 'StressChaos');
    cluster.addOurs('flow', 'Workflow');
    cluster.add('child', { by: 'flow' });
    const parts = cluster.parts();
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const list: typeof parts.orchestration.list = async () => {
      await answered;
      return cluster.orchestration.list();
    };
    const stopped = emergencyStop({ ...parts, orchestration: { list } }, []);
    await settle();
    cluster.clock.advance(5000);
    await settle();
    expect(cluster.calls).toContain('pause one');
    answer();
    const { outcomes } = await cluster.until(stopped);
    expect(outcomes.map(({ experiment, end }) => [experiment.ref.name, end])).toEqual([
      ['one', 'gone'],
      ['child', 'gone'],
      ['flow', 'gone'],
    ]);
  });

  it('says where workflows and schedules could not be listed', async () => {
    cluster.lost = [{ kind: 'Schedule', error: new AppError('server', 'HTTP 500') }];
    expect(await stop()).toMatchObject({ outcomes: [], unlisted: [{ kind: 'Schedule' }], listError: undefined });
  });
});
