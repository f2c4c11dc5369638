import { msg } from '../base/text';
import type { MonitorHealth } from './monitorState';
import type { TargetQuery } from '../cluster/databasePod';

type Empty = Extract<MonitorHealth, { state: 'empty' }>;

/** There are no database pods. */
export const noTargets = ({ namespace, labelSelector }: TargetQuery): Empty => ({
  state: 'empty',
  message: msg`No pod in the namespace "${namespace}" has the label "${labelSelector}". Check distdiag.target.namespace and distdiag.target.labelSelector.`,
});

/** The server has no samples of the pods. */
export const noSamples = (url: string, { namespace, container }: TargetQuery): Empty => ({
  state: 'empty',
  message: msg`Prometheus at ${url} has no samples of these pods in this range. Check that it scrapes the namespace "${namespace}" and that distdiag.target.container ("${container}") is the database container.`,
});
