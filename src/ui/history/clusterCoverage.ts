import { coverageOf, type Coverage } from '../../core/testCoverage/coverage';
import type { DatabasePod } from '../../core/cluster/databasePod';
import { clusterKey } from '../../core/cluster/clusterKey';
import type { HistoryService } from './historyService';
import type { TestRunService } from './testRunService';

/** The records of a cluster's experiments and tests. */
export interface CoverageBooks {
  history: Pick<HistoryService, 'entries' | 'load'>;
  testRuns: Pick<TestRunService, 'of'>;
}

/** What this workspace has tried on the pods of a cluster. */
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
