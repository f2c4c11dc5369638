/** Ways to make the simulated Chaos Mesh fail, so that every state of an experiment can be seen. */
export interface ChaosControls {
  /** Kubernetes nodes without a chaos daemon. */
  missingDaemons: Set<string>;
  /** Clock milliseconds from a record's turn until it is injected or recovered. */
  delayMs: number;
  /** Pods on which traffic control fails. */
  brokenNetwork: Set<string>;
  /** While true, nothing is reconciled: the controller is gone. */
  stopped: boolean;
}

/** Everything works: all daemons there, 400 ms from an object to its effect. */
export function defaultControls(): ChaosControls {
  return { missingDaemons: new Set(), delayMs: 400, brokenNetwork: new Set(), stopped: false };
}
