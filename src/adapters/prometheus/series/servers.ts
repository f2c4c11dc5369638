import { nodeValue } from '../../../core/metrics/batches';
import { chooseOrigin, severalClusters, type Origin, type OriginChoice } from '../../../core/metrics/origins';
import type { Pin } from '../../../core/metrics/pin';
import { OCEANBASE_PROFILE } from '../../../core/metrics/profiles';
import { clusterLabels, serverPins } from '../../../core/metrics/servers';
import type { DatabasePod } from '../../../core/cluster/databasePod';
import { firstSelector, rowsOf, toRow, type FoundRow, type RowQuestion } from './rows';

/** What obagent's series say of the targets' servers. */
export interface Servers {
  /** The targets as listed again, by name. */
  pinOf(target: DatabasePod): Pin | undefined;
  /** The same where it is known from elsewhere which cluster's series are ours. */
  within(own: Origin): Servers;
  /** Where nothing tells which of several Kubernetes clusters' series are ours. */
  choice: OriginChoice | undefined;
  /** Addresses of servers that the series have where none of the targets' is among them, with their clusters. */
  others: readonly string[];
}

/** A server's tenants each have a series; they tell nothing here. */
const WITHOUT_TENANTS = 'tenant_name,tenant_id,ob_tenant_id,ob_tenant_name,stat_id';
const MOST_OTHERS = 5;

/** Finds the targets' servers by their addresses, and those that have another address by what else names their pods. */
export async function findServers(question: RowQuestion, chosen: Origin | undefined): Promise<Servers> {
  const { targets, client, atMs, signal } = question;
  let others: readonly string[] = [];
  for (const query of firstOfEach()) {
    const at = await rowsOf(query, firstSelector(query), question);
    const missing = targets.filter(
      (target) => !at.some(({ labels }) => labels['svr_ip'] === nodeValue('svr_ip', target)),
    );
    let more: FoundRow[] = [];
    if (missing.length > 0) {
      const everywhere = firstSelector(query).replace(/\$server,?/, '');
      const text = `count without (${WITHOUT_TENANTS}) (${everywhere})`;
      more = await client.query(text, atMs, signal).then(
        ({ data }) => data.map(toRow).filter(({ labels }) => labels['svr_ip'] !== undefined),
        () => [],
      );
      signal?.throwIfAborted();
    }
    const rows = [...at, ...more];
    if (serverPins(rows, targets, chosen, []).size > 0) {
      // Labels of a pod that has just been made anew have changed within the window, too: what counts is one moment.
      const suspicious = clusterLabels(rows, chosen ?? {}).length > 0;
      const moment = suspicious ? await rowsOf(query, firstSelector(query), question, (selector) => selector) : [];
      return known(rows, moment, targets, chosen);
    }
    if (others.length === 0) others = [...new Set(more.map(named))].slice(0, MOST_OTHERS);
  }
  return { ...NO_SERVERS, others };
}

/** Where no series of servers are looked at. */
export const NO_SERVERS: Servers = { pinOf: () => undefined, within: () => NO_SERVERS, choice: undefined, others: [] };

function known(
  rows: readonly FoundRow[],
  moment: readonly FoundRow[],
  targets: readonly DatabasePod[],
  chosen: Origin | undefined,
): Servers {
  const more = clusterLabels(moment, chosen);
  const pins = serverPins(rows, targets, chosen, more);
  const open = targets.filter((target) => pins.get(target)?.undecided !== undefined);
  const theirs = open.flatMap((target) =>
    rows.filter(({ labels }) => labels['svr_ip'] === nodeValue('svr_ip', target)).map((row) => ({ row, target })),
  );
  const choice = chooseOrigin(theirs, chosen, [], more);
  const undecided = choice && !choice.own ? severalClusters('obagent', choice) : undefined;
  const byName = new Map(
    [...pins].map(([target, pin]) => [
      nameOf(target),
      pin.undecided !== undefined && undecided !== undefined ? { ...pin, undecided } : pin,
    ]),
  );
  return {
    pinOf: (target) => byName.get(nameOf(target)),
    within: (own) => known(rows, moment, targets, own),
    choice: undecided === undefined ? undefined : choice,
    others: [],
  };
}

const nameOf = ({ namespace, pod }: DatabasePod): string => `${namespace}/${pod}`;

const named = ({ labels }: FoundRow): string => {
  const cluster = labels['ob_cluster_name'];
  return cluster ? `${labels['svr_ip']} (${cluster})` : `${labels['svr_ip']}`;
};

/** The first query of each family of series, as some may be missing. */
const firstOfEach = (): typeof OCEANBASE_PROFILE.queries =>
  OCEANBASE_PROFILE.queries.filter(
    ({ needs }, i) => OCEANBASE_PROFILE.queries.findIndex((one) => one.needs === needs) === i,
  );
