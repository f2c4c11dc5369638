/** Which pods are the database's. */
export interface TargetQuery {
  namespace: string;
  /** A Kubernetes label selector, e.g. `ref-obcluster` (any value) or `app=db,tier in (a,b)`. */
  labelSelector: string;
  /** The container of the database in those pods, e.g. `observer`. */
  container: string;
}

/** The database's container in a pod. */
export interface TargetContainer {
  name: string;
  /** Limits in cores and bytes; undefined = no limit. */
  cpuLimit: number | undefined;
  memoryLimit: number | undefined;
  /** Mount paths, e.g. `/home/admin/data-file`. */
  mounts: readonly string[];
}

/** What OceanBase's agent (obagent) writes into the labels of its series, as far as the pod's environment tells. */
export interface ServerLabels {
  /** `svr_ip`; undefined = the pod's own address. */
  address: string | undefined;
  /** `ob_cluster_name`, `ob_cluster_id` and `obzone`. */
  cluster: string | undefined;
  clusterId: string | undefined;
  zone: string | undefined;
}

/** A pod of the database: what can be hit. Its `pod` name is the node's name in the diagnosis. */
export interface DatabasePod {
  namespace: string;
  pod: string;
  ip: string | undefined;
  /** The Kubernetes node it runs on. */
  hostNode: string | undefined;
  /** The pod's phase: Running, Pending, … */
  phase: string;
  ready: boolean;
  restarts: number;
  hostNetwork: boolean;
  labels: Readonly<Record<string, string>>;
  /** OceanBase's zone (`ref-obzone`) and cluster (`ref-obcluster`), where the labels are there. */
  zone: string | undefined;
  cluster: string | undefined;
  /** All containers; `database` is the one the query named, undefined when the pod has none of that name. */
  containers: readonly TargetContainer[];
  database: TargetContainer | undefined;
  /** The pod's uid, and its Kubernetes node's address, which distinguish its series from those of a pod of the same name. */
  uid?: string | undefined;
  hostIp?: string | undefined;
  /** The runtime's id of the database's container as it runs now, without the runtime's name. */
  containerId?: string | undefined;
  /** Init containers that keep running next to the others (`restartPolicy: Always`). */
  sidecars?: readonly string[];
  /** The kills for lack of memory that its containers tell of, their last one each: an id of each kill. */
  oomKills?: readonly string[];
  /** Undefined where no agent runs in the pod. */
  server?: ServerLabels | undefined;
}

/** The pods of the database. Throws AppError only. */
export interface TargetGateway {
  list(query: TargetQuery, signal?: AbortSignal): Promise<DatabasePod[]>;
  /** Where it remembers: those that it has listed, that are gone, and that were there at a moment (epoch milliseconds) or after it. */
  gone?(query: TargetQuery, sinceMs: number): DatabasePod[];
}
