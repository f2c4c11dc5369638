import { msg, type Text } from '../../../core/base/text';
import type { Labelling, MetricQuery } from '../../../core/metrics/profiles';
import type { DatabasePod } from '../../../core/cluster/databasePod';
import { rowsOf, type FoundRow, type RowQuestion } from './rows';

/** How the pods' container series are labelled, and what has to be said of it. */
export interface FoundLabelling extends Labelling {
  /** Targets whose own series these are; others have several containers in one series. */
  targets: readonly DatabasePod[];
  note: Text | undefined;
}

const LOOKBACK_MS = 300_000;
const SAMPLES = ['container_memory_working_set_bytes', 'container_cpu_usage_seconds_total'];

/** Why no series has the database's container, by what the pods' series have; undefined where they have none at all. */
export async function findLabelling(question: Omit<RowQuestion, 'windowMs'>): Promise<FoundLabelling | undefined> {
  for (const exported of [false, true]) {
    const place = exported ? '$exportedPod' : '$pod';
    for (const needs of SAMPLES) {
      const query: MetricQuery = { metric: 'memory.used', node: 'pod', needs, template: `${needs}{${place}}` };
      const rows = await rowsOf(query, query.template, { ...question, windowMs: LOOKBACK_MS });
      if (rows.length > 0) return read(rows, exported, question);
    }
  }
  return undefined;
}

function read(
  rows: readonly FoundRow[],
  exported: boolean,
  { targets, container }: Pick<RowQuestion, 'targets' | 'container'>,
): FoundLabelling {
  const label = exported ? 'exported_container' : 'container';
  // A sandbox is no container of the pod's own, whatever the runtime calls it.
  const names = [...new Set(rows.map(({ labels }) => labels[label] ?? ''))].filter(
    (name) => !['', 'POD'].includes(name),
  );
  if (names.includes(container)) return { exported, whole: false, targets, note: exported ? RENAMED : undefined };
  const none = { exported, whole: false, targets: [] };
  if (names.length > 0) {
    const note = msg`No cAdvisor metrics of the container "${container}". Containers with metrics: ${names.sort().join(', ')}. Set distdiag.target.container.`;
    return { ...none, note };
  }
  // A sandbox alone tells nothing of what runs in it; a pod's own control group has no image.
  if (rows.every(({ labels }) => (labels['image'] ?? '') !== '')) return { ...none, note: undefined };
  const alone = targets.filter(({ containers, sidecars = [] }) => containers.length + sidecars.length === 1);
  if (alone.length === targets.length) return { exported, whole: true, targets, note: WHOLE };
  const mixed = targets.filter((target) => !alone.includes(target));
  const running = [
    ...new Set(mixed.flatMap(({ containers, sidecars = [] }) => [...containers.map(({ name }) => name), ...sidecars])),
  ].join(', ');
  return alone.length > 0
    ? { exported, whole: true, targets: alone, note: partlyMixed(running) }
    : { ...none, note: allMixed(running) };
}

const WHOLE: Text =
  'cAdvisor’s series have no container names (container=""): the values are of whole pods, which run one container each.';
const partlyMixed = (running: string): Text =>
  msg`cAdvisor’s series have no container names (container="") and cover whole pods: pods with several containers (${running}) are left out.`;
const allMixed = (running: string): Text =>
  msg`cAdvisor’s series have no container names (container="") and cover whole pods, which run several containers (${running}): no CPU, memory and disk values of the database alone.`;
const RENAMED: Text =
  'The scrape renamed the labels of cAdvisor’s series (exported_pod, exported_container), and they are read under these names; honorLabels: true would keep the original names.';
