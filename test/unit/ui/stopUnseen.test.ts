import { beforeEach, describe, expect, it } from 'vitest';
import type * as vscode from 'vscode';
import { AppError } from '../../../src/core/base/errors';
import { toExperiment } from '../../../src/core/experiments/parse';
import type { ExperimentSnapshot } from '../../../src/core/experiments/gateway';
import type { CommandContext } from '../../../src/ui/commands/context';
import { emergencyStopCommand } from '../../../src/ui/commands/experiments/emergencyStop';
import { forceCleanExperiment } from '../../../src/ui/commands/experiments/forceClean';
import { stopAllAnomalies, stopExperiment } from '../../../src/ui/commands/experiments/stop';
import { worldOf } from '../../../src/ui/impact/impactWorld';
import { agentTools } from '../../../src/ui/scripting/agentTools/agentTools';
import { stopTool } from '../../../src/ui/scripting/languageModel/actTools';
import type { ClusterSession, SessionManager } from '../../../src/ui/session/session';
import { silentLog } from '../../support';
import { desk } from '../editor/desk';
import { HeldCluster } from '../injection/heldCluster';

/** A cluster of which not all can be seen. */
class HalfSeen extends HeldCluster {
  onlyIn: string[] | undefined;
  missingKinds: ExperimentSnapshot['missingKinds'] = [];

  override snapshot(): ExperimentSnapshot {
    const { missingKinds, onlyIn } = this;
    return { ...super.snapshot(), missingKinds, ...(onlyIn ? { onlyIn } : {}) };
  }
}

let cluster: HalfSeen;
let session: ClusterSession;
let context: CommandContext;
const reports: string[] = [];
const noSchedules = new AppError('timeout', 'list Schedule: no answer');

beforeEach(() => {
  desk.clear();
  reports.length = 0;
  cluster = new HalfSeen();
  const { orchestration, ...parts } = cluster.parts();
  session = {
    ...{ ...parts, orchestration, context: 'dev', experiments: cluster, config: { trusted: true, query: {} } },
    access: { require: () => Promise.resolve() },
    targets: { list: () => Promise.resolve([]) },
    monitor: { state: {} },
  } as unknown as ClusterSession;
  const show = (_: string, text: string): Promise<void> => Promise.resolve(void reports.push(text));
  const sessions = { current: () => Promise.resolve(session) } as unknown as SessionManager;
  context = { sessions, log: { ...silentLog, show: () => undefined }, reports: { show } } as unknown as CommandContext;
});

describe('a stop of what a schedule has started, while schedules cannot be listed', () => {
  const child = (): ReturnType<typeof toExperiment> => {
    cluster.lost = [{ kind: 'Schedule', error: noSchedules }];
    const labels = { 'managed-by': 'nightly', 'app.kubernetes.io/managed-by': 'distdiag' };
    return toExperiment(cluster.add('nightly-x7k2p', { by: 'nightly', labels }));
  };

  it('says first that it may be started again, and does not say that it is stopped', async () => {
    const experiment = child();
    await cluster.until(Promise.resolve(stopExperiment.run(context, { type: 'experiment', experiment })));
    expect(cluster.names).toEqual([]);
    expect(desk.texts('error')[0]).toContain('What started nightly-x7k2p could not be listed and may start it again');
    expect(desk.texts('status')).toEqual([]);
  });

  it('is told to an agent before it agrees, and after', async () => {
    child();
    const tool = stopTool(context.sessions, agentTools(context.sessions, {} as never, silentLog), silentLog);
    const input = { names: ['nightly-x7k2p'] };
    const asked = await tool.prepareInvocation?.({ input }, {} as vscode.CancellationToken);
    expect((asked?.confirmationMessages?.message as vscode.MarkdownString).value).toContain('no answer');
    const token = { onCancellationRequested: () => ({ dispose: () => undefined }) };
    const options = { input, toolInvocationToken: undefined };
    const answer = await cluster.until(
      Promise.resolve(tool.invoke(options, token as unknown as vscode.CancellationToken)),
    );
    const [{ value }] = (answer as unknown as { value: [{ value: string }] }).value;
    expect(JSON.parse(value)).toMatchObject({
      stopped: ['nightly-x7k2p'],
      notKnown: [expect.stringContaining('no answer') as string],
    });
  });
});

describe('a command that is given a key', () => {
  it('says of what is gone that it is, and offers nothing in its place', async () => {
    cluster.addOurs('other', 'StressChaos');
    await stopExperiment.run(context, 'StressChaos/oceanbase/one/uid-one');
    expect(desk.texts('information')).toEqual(['one no longer exists. It was removed elsewhere.']);
    expect(desk.texts('pick')).toEqual([]);
    expect(cluster.names).toEqual(['other']);
  });

  it('acts on what the list does not have yet', async () => {
    const key = toExperiment(cluster.addOurs('other', 'StressChaos')).key;
    await cluster.until(Promise.resolve(stopExperiment.run(context, key)));
    expect(cluster.names).toEqual([]);
  });

  it.each(['Workflow', 'Schedule'])('forces the clean-up of a stuck %s', async (kind) => {
    const flow = cluster.addOurs('flow', kind);
    flow.metadata.deletionTimestamp = new Date(cluster.clock.now()).toISOString();
    cluster.addOurs('other', 'StressChaos');
    cluster.forceClean = () => cluster.delete({ name: 'flow', kind });
    desk.answers.push('Force Clean-Up');
    await cluster.until(Promise.resolve(forceCleanExperiment.run(context, toExperiment(flow).key)));
    expect(cluster.names).toEqual(['other']);
    expect(desk.texts('pick')).toEqual([]);
  });
});

describe('where not all namespaces may be listed', () => {
  beforeEach(() => (cluster.onlyIn = ['chaos-mesh', 'oceanbase']));

  it('a stop that finds nothing does not say that there is nothing', async () => {
    await stopAllAnomalies.run(context);
    expect(desk.texts('information')).toEqual([]);
    expect(desk.texts('warning')[0]).toMatch(/outside of chaos-mesh, oceanbase could not be listed/);
  });

  it('an emergency stop reports what was not looked at', async () => {
    await emergencyStopCommand.run(context);
    expect(desk.texts('information')).toEqual([]);
    expect(reports[0]).toContain(
      'Experiments outside of chaos-mesh, oceanbase could not be listed and may still be running',
    );
  });

  it('an emergency stop stops what was seen elsewhere before', async () => {
    const far = cluster.addOurs('far', 'StressChaos');
    far.metadata.namespace = 'foo';
    const { store } = session as unknown as { store: { snapshot: ExperimentSnapshot } };
    const snapshot = cluster.snapshot();
    Object.defineProperty(store, 'snapshot', { value: snapshot });
    cluster.snapshot = () => ({ ...snapshot, experiments: [] });
    await cluster.until(Promise.resolve(emergencyStopCommand.run(context)));
    expect(cluster.names).toEqual([]);
  });

  it.each([true, false])('the majority guard says what it does not count, asked anew: %s', async (anew) => {
    session.store.subscribe(() => undefined);
    cluster.tell(cluster.snapshot());
    const world = await worldOf([], session, anew, undefined);
    expect(world).toMatchObject({ isForbidden: true, unlisted: expect.stringContaining('oceanbase') as string });
  });
});

it('the majority guard says of a kind that may not be listed that it is not counted', async () => {
  cluster.missingKinds = [
    { kind: 'StressChaos', error: new AppError('forbidden', 'You may not.') },
    { kind: 'GCPChaos', error: new AppError('notInstalled', 'Not there.') },
  ];
  session.store.subscribe(() => undefined);
  cluster.tell(cluster.snapshot());
  const world = await worldOf([], session, false, undefined);
  expect(world).toMatchObject({ isForbidden: true, unlisted: 'StressChaos: You may not.' });
});

it('what begins while "Stop All" is asked for is stopped too', async () => {
  cluster.addOurs('first', 'StressChaos');
  desk.answers.push('Stop All');
  const recall = session.injection.recall.bind(session.injection);
  session.injection.recall = () => {
    cluster.addOurs('second', 'NetworkChaos');
    return recall();
  };
  await cluster.until(Promise.resolve(stopAllAnomalies.run(context)));
  expect(cluster.names).toEqual([]);
  expect(desk.texts('status').join()).toContain('Stopped 2 experiments');
});
