import type { MonitorHealth } from './monitorState';
import type { TargetQuery } from '../cluster/databasePod';

type Empty = Extract<MonitorHealth, { state: 'empty' }>;

/** No pod is one of the database's. */
export const noTargets = ({ namespace, labelSelector }: TargetQuery): Empty => ({
  state: 'empty',
  message: `No pod in the namespace "${namespace}" has the label "${labelSelector}". Correct distdiag.target.namespace or distdiag.target.labelSelector.`,
});

/** The server knows nothing of the pods. */
export const noSamples = (url: string, { namespace, container }: TargetQuery): Empty => ({
  state: 'empty',
  message: `The Prometheus at ${url} has no sample of these pods in this range. See whether it scrapes the namespace "${namespace}", and whether distdiag.target.container ("${container}") is the database's container.`,
});
