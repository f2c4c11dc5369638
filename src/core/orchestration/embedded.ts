/** Kinds of Chaos Mesh that start experiments. */
export const WORKFLOW = 'Workflow';
export const SCHEDULE = 'Schedule';
export const WORKFLOW_NODE = 'WorkflowNode';

/** On a workflow's nodes and experiments: the workflow, and the node or workflow above. */
export const WORKFLOW_LABEL = 'chaos-mesh.org/workflow';
export const CONTROLLED_BY_LABEL = 'chaos-mesh.org/controlled-by';
/** On what a schedule has started: the schedule. */
export const SCHEDULE_LABEL = 'managed-by';

export { embedKey as embeddedKey } from '../chaosRules/kinds';
