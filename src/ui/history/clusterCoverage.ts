import { coverageOf, type Coverage } from '../../core/testCoverage/coverage';
import type { DatabasePod } from '../../core/cluster/databasePod';
import { clusterKey } from '../../core/cluster/clusterKey';
import type { HistoryService } from './historyService';
import type { TestRunService } from './testRunService';

/** Where a cluster's experiments and tests are kept. */
export interface CoverageBooks {
  history: Pick<HistoryService, 'entries' | 'load'>;
  testRuns: Pick<TestRunService, 'of'>;
}

/** What has been tried on the pods of a cluster by this workspace. */
export async function coverageOn(
  { history, testRuns }: CoverageBooks,
  cluster: { context: string; server: string },
  pods: readonly DatabasePod[],
): Promise<Coverage> {
  await history.load();
  const where = clusterKey(cluster);
  return coverageOf({
    entries: history.entries.filter((entry) => entry.where === where),
    runs: await testRuns.of(cluster),
    nodes: pods,
  });
}
