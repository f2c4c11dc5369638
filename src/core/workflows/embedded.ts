/** The kind that runs experiments as a tree of steps. */
export const WORKFLOW = 'Workflow';
/** Starts one experiment or workflow at the times of a cron line. */
export const SCHEDULE = 'Schedule';
/** One step of a running workflow. */
export const WORKFLOW_NODE = 'WorkflowNode';

/** On a workflow's nodes and experiments: the workflow. */
export const WORKFLOW_LABEL = 'chaos-mesh.org/workflow';
/** On the same: the node or workflow directly above. */
export const CONTROLLED_BY_LABEL = 'chaos-mesh.org/controlled-by';
/** On what a schedule has started: the schedule. */
export const SCHEDULE_LABEL = 'managed-by';

export { embedKey as embeddedKey } from '../chaosYaml/kinds';
