import type { DatabasePod } from '../cluster/databasePod';
import { togetherMs } from './external';
import type { Lives } from './pin';
import { belongs, CONTAINER_LABELS, type SeriesRow } from './seriesRow';

/** First samples so near to each other tell no order: each series has its own moments of being scraped. */
const SAME_MS = 60_000;
/** A dead container of the same pod is exported for minutes; one that exists longer next to it belongs to another cluster. */
const DEAD_MS = 5 * 60_000;
const OF_A_NODE = new Set(['node', 'instance']);

/**
 * The lives of a pod's container among its series, all of one cluster. cAdvisor goes on exporting a container that is dead
 * for minutes (kubernetes/kubernetes#128538), and control groups within a container's own under the container's name
 * (kubernetes/kubernetes#129253): the former is an older life, the latter are parts of the whole and left out.
 * The path of the control group is one of a kind; where relabelling has dropped it, the runtime's name is; where that is
 * gone too, the pod has lived on several nodes. Undefined where all series are of one life; `unordered` where nothing tells which came last.
 */
export function livesOf(rows: readonly SeriesRow[], target: DatabasePod): Lives | 'unordered' | undefined {
  const label = CONTAINER_LABELS.find((name) => new Set(rows.map(({ labels }) => labels[name] ?? '')).size > 1);
  if (label === undefined) return undefined;
  const byValue = new Map<string, SeriesRow[]>();
  for (const row of rows) {
    const value = row.labels[label] ?? '';
    byValue.set(value, [...(byValue.get(value) ?? []), row]);
  }
  const inOthers = (value: string): boolean =>
    label === 'id' &&
    [...byValue.keys()].some((other) => other !== '' && value !== other && value.startsWith(`${other}/`));
  // By the pod and its node alone: which container runs in it may have changed since the pod was listed.
  const pod = { ...target, containerId: undefined };
  const sureOf = (of: readonly SeriesRow[]): number => Math.max(...of.map((row) => belongs(row, pod)));
  const whole = [...byValue].filter(([value]) => !inOthers(value));
  const ours = whole.filter(([, of]) => sureOf(of) === 2).flatMap(([, of]) => of);
  const foreign = (of: readonly SeriesRow[]): boolean =>
    sureOf(of) < 0 && of.some((a) => a.firstAt !== undefined && ours.some((b) => togetherMs(a, b) > DEAD_MS));
  const groups = whole.filter(([, of]) => !foreign(of));
  const [first, ...others] = groups;
  if (!first || others.length === 0) return first && { label, values: [first[0]] };
  const sure = groups.map(([, of]) => sureOf(of));
  if (OF_A_NODE.has(label)) {
    // Two scrapes of one node differ in their instance as well: only where the pod now is elsewhere it has moved.
    const here = sure.filter((one) => one >= 1).length;
    if (here !== 1) return undefined;
  }
  const firsts = ranks(groups.map(([, of]) => newest(of.map((row) => row.firstAt))));
  const lives = groups.map(([value, of], i) => ({
    value,
    own: (sure[i] as number) > 0 ? 1 : 0,
    startedAt: newest(of.map((row) => row.startedAt)),
    firstAt: firsts[i],
    current: of.some((row) => isCurrent(row, target)) ? 1 : 0,
  }));
  const order = (['own', 'startedAt', 'firstAt', 'current'] as const).filter((key) =>
    lives.every((life) => life[key] !== undefined),
  );
  const compare = (a: (typeof lives)[number], b: (typeof lives)[number]): number => {
    for (const key of order) {
      const difference = (b[key] as number) - (a[key] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  const sorted = [...lives].sort(compare);
  const [last, before] = sorted;
  if (last && before && compare(last, before) === 0) {
    // Of two jobs one may have dropped the label: they are the same container then.
    const named = rows.filter(({ labels }) => labels[label]);
    return named.length < rows.length ? livesOf(named, target) : 'unordered';
  }
  return { label, values: sorted.map(({ value }) => value) };
}

const newest = (times: readonly (number | undefined)[]): number | undefined => {
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
};

/** Moments as their places in time, the same for those that are near to each other. */
function ranks(moments: readonly (number | undefined)[]): (number | undefined)[] {
  const known = moments.filter((one) => one !== undefined).sort((a, b) => a - b);
  const later = known.filter((one, i) => i > 0 && one - (known[i - 1] as number) > SAME_MS);
  return moments.map((one) => (one === undefined ? undefined : later.filter((start) => start <= one).length));
}

const isCurrent = ({ labels }: SeriesRow, { containerId }: DatabasePod): boolean =>
  containerId !== undefined && (labels['id']?.includes(containerId) === true || labels['name'] === containerId);
