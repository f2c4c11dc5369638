/** An event that Kubernetes keeps of a pod, mostly the kubelet's. */
export interface PodEvent {
  uid: string;
  pod: string;
  /** `Normal` or `Warning`. */
  type: string;
  /** Such as `BackOff` or `Unhealthy`. */
  reason: string;
  /** How often it has happened: repetitions are counted in one event. */
  count: number;
}

/** Events of the pods of a namespace. Throws AppError only. */
export interface PodEventGateway {
  list(namespace: string, signal?: AbortSignal): Promise<PodEvent[]>;
}
