import type { DatabasePod } from '../cluster/databasePod';
import type { MetricQuery } from './profiles';

/** The containers that a pod's database has lived in, where Prometheus has series of more than one of them. */
export interface Lives {
  /** The label that tells them apart: `id`, the path of the container's control group, where it is there. */
  label: string;
  /** Its values, the newest life first: an older one answers only for times at which no newer one has a sample. */
  values: readonly string[];
}

/** What narrows a query down to the series that are a node's own. */
export interface Pin {
  /** The value of the query's node label, where it is not what the pod says. */
  value?: string | undefined;
  /** Further matchers, in PromQL, such as `cluster="prod"`. */
  matchers?: string | undefined;
  lives?: Lives | undefined;
  /** Why no series can be called the node's own: it is not asked for. */
  undecided?: string | undefined;
}

/** How a node's series are narrowed down for a query; undefined = not at all. */
export type PinOf = (query: MetricQuery, target: DatabasePod) => Pin | undefined;
