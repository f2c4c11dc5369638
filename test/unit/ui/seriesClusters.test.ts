import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type * as vscode from 'vscode';
import { chooseMetricsCluster } from '../../../src/ui/commands/cluster/metricsCluster';
import type { CommandContext } from '../../../src/ui/commands/context';
import { SeriesClusters } from '../../../src/ui/session/seriesClusters';
import { desk } from '../editor/desk';
import { StoredPrometheus } from '../adapters/storedPrometheus';
import { target } from '../cluster/targets';
import { Memory } from '../editor/memory';

const KEY = 'dev https://one';
const WHERE = { context: 'dev', server: 'https://one' };

let prometheus: StoredPrometheus;
let memory: Memory;
let clusters: SeriesClusters;
let reopened: number;

beforeEach(async () => {
  desk.clear();
  prometheus = new StoredPrometheus();
  await prometheus.start();
  memory = new Memory();
  clusters = new SeriesClusters(memory as unknown as vscode.Memento);
  reopened = 0;
});
afterEach(() => prometheus.stop());

function put(...names: string[]): void {
  for (const cluster of names)
    prometheus.put(
      'container_memory_working_set_bytes',
      { namespace: 'oceanbase', pod: target().pod, container: 'observer', ...(cluster === '' ? {} : { cluster }) },
      { value: cluster.length },
    );
}

const choose = (): Promise<void> | void => {
  const metrics = prometheus.source({
    origin: () => clusters.get(KEY),
    onSeveralClusters: (choice) => void clusters.tell(KEY, choice),
  });
  const session = {
    ...WHERE,
    config: { query: {}, stepMs: 15_000 },
    targets: { list: () => Promise.resolve([target()]) },
    queries: { queryOf: metrics.queryOf.bind(metrics) },
  };
  const sessions = { current: () => Promise.resolve(session), reopen: () => (reopened += 1) };
  return chooseMetricsCluster.run({ sessions, clusters } as unknown as CommandContext);
};

describe('the cluster in a Prometheus of several', () => {
  it('is chosen by the values of its label, remembered for the context, and can be left to the API server again', async () => {
    put('prod', 'staging', '');
    desk.answers.push('staging');
    await choose();
    expect(desk.texts('pick')[0]).toMatch(/without the label cluster.*prod.*staging.*Detect from the API server/s);
    expect(clusters.get(KEY)).toEqual({ cluster: 'staging' });
    expect(clusters.get('other https://two')).toBeUndefined();
    expect(new SeriesClusters(memory as unknown as vscode.Memento).get(KEY)).toEqual({ cluster: 'staging' });
    expect(reopened).toBe(1);
    desk.answers.push('Detect from');
    await choose();
    expect(clusters.get(KEY)).toBeUndefined();
  });

  it('is asked for once in a window', async () => {
    put('prod', 'staging');
    for (const _ of [1, 2]) await choose();
    expect(desk.texts('information')).toEqual([expect.stringContaining('No metrics are shown until you choose')]);
  });

  it('is no question where there is one', async () => {
    put('prod');
    await choose();
    expect(desk.texts('information')).toEqual([expect.stringContaining('one Kubernetes cluster only')]);
    expect(desk.texts('pick')).toEqual([]);
  });

  it.each([undefined, 'x', { [KEY]: 'x' }, { [KEY]: { label: 1, value: 'x' } }, []])(
    'is none where %j was kept',
    async (kept) => {
      await memory.update('distdiag.prometheus.cluster', kept);
      expect(clusters.get(KEY)).toBeUndefined();
    },
  );
});
