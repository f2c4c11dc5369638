import { beforeAll, expect, it } from 'vitest';
import type { ChaosObject } from '../../../src/core/experiments/experiment';
import type { DemoCluster } from '../../../src/demo/cluster';
import type { CommandContext } from '../../../src/ui/commands/context';
import { runAgain } from '../../../src/ui/commands/experiments/rerun';
import type { ClusterSession } from '../../../src/ui/session/session';
import { desk } from '../editor/desk';
import { useDemoWindow } from './demoWindow';

const demo = useDemoWindow({}, { defaultDurationMs: 120_000 });
let cluster: DemoCluster;
let session: ClusterSession;
let context: CommandContext;

beforeAll(() => void ({ cluster, session, context } = demo));

it('what had no end is given one when it runs again, and where it acted before is said', async () => {
  const endless: ChaosObject = {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'StressChaos',
    metadata: { name: 'one', namespace: 'oceanbase' },
    spec: {
      mode: 'all',
      selector: { pods: { oceanbase: [cluster.topology.pods[0]?.name] } },
      stressors: { cpu: { workers: 1, load: 50 } },
    },
  };
  const first = await session.experiments.create(endless);
  await session.injection.stop(first.ref);
  desk.answers.push('Run Again');
  await runAgain(context, [first], ['another-context']);
  const [asked] = desk.texts('warning');
  expect(asked).toContain('A duration is added where there was none: 2m.');
  expect(asked).toContain(`It ran in another-context and will now run in ${session.context}.`);
  const { experiments } = await session.experiments.list();
  expect(experiments.map(({ object }) => object.spec['duration'])).toEqual(['2m']);
});
