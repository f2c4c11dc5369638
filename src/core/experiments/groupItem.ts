import type { Text } from '../base/text';
import type { ChaosObject, Experiment } from './experiment';

/** The state of a group, or of a part of it that is not an experiment. */
export type GroupState =
  | 'waiting' // begins at `at`
  | 'injecting'
  | 'running'
  | 'done'
  | 'failed'
  | 'cancelled' // will not begin
  | 'interrupted' // the editor that would have started the rest of it is gone
  | 'stopping'
  | 'stopped'
  | 'scheduled' // a Schedule between two runs; the next is at `at`
  | 'suspended';

/**
 * A row that holds experiments together: a scenario, a Chaos Mesh Workflow or Schedule, those that have finished; or a part of one that has no
 * experiment (yet): a step, a workflow's node.
 */
export interface GroupItem {
  type: 'scenario' | 'workflow' | 'schedule' | 'step' | 'node' | 'finished';
  /** Stable over its life. */
  key: string;
  name: string;
  /** The anomaly type of a step, the template type of a node, the kind that a schedule starts. */
  what: string | undefined;
  state: GroupState;
  /** The reason, if there is one: our sentence or Chaos Mesh's message. */
  reason: Text | undefined;
  /** Epoch milliseconds of the cluster's clock: when it begins, or runs next. */
  at: number | undefined;
  /** When a schedule last ran. */
  lastAt: number | undefined;
  /** Finished parts out of all; undefined if nothing is counted. */
  progress: { done: number; total: number } | undefined;
  ours: boolean;
  /** For the order among the rows, epoch milliseconds. */
  createdAt: number;
  members: readonly GroupMember[];
  /** The live object of a Workflow, a Schedule or a node. */
  object: ChaosObject | undefined;
  /** Of a scenario: its run. */
  run: string | undefined;
}

/** A member of a group. */
export type GroupMember = GroupItem | Experiment;

/** True for a member that is an experiment. */
export const isExperiment = (member: GroupMember): member is Experiment => 'ref' in member;

/** The experiments of a group, those of groups within it too. */
export function experimentsIn(group: GroupItem): Experiment[] {
  return group.members.flatMap((member) => (isExperiment(member) ? [member] : experimentsIn(member)));
}
