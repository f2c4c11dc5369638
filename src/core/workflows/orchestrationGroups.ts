import { msg } from '../base/text';
import { parseCron } from '../time/cron';
import type { ChaosObject, Experiment } from '../experiments/experiment';
import { PAUSE_ANNOTATION } from '../experiments/parse';
import type { GroupItem, GroupMember, GroupState } from '../experiments/groupItem';
import { isMarked } from '../experiments/labels';
import { isRecord, recordsOf, stringsOf, textOf, timeOf } from '../base/unknown';
import { CONTROLLED_BY_LABEL, SCHEDULE_LABEL, WORKFLOW_LABEL } from './embedded';
import type { OrchestrationSnapshot } from './orchestration';

/** No tree of nodes is deeper. */
const DEEPEST = 20;

type Item = Partial<GroupItem> & Pick<GroupItem, 'type' | 'state' | 'members'>;

/** Workflows and schedules as groups of their experiments. What is of another shape is as if it were not there. */
export function orchestrationGroups(
  snapshot: OrchestrationSnapshot,
  experiments: readonly Experiment[],
  nowMs: number,
): GroupItem[] {
  const workflows = snapshot.workflows.map((one) => ({
    object: one,
    group: workflowGroup(one, snapshot, experiments),
  }));
  const taken = new Set<GroupItem>();
  const schedules = snapshot.schedules.map((schedule) => {
    const own = workflows.filter(({ object }) => startedBy(schedule, object)).map(({ group }) => group);
    for (const group of own) taken.add(group);
    return scheduleGroup(schedule, [...own, ...experiments.filter(({ object }) => startedBy(schedule, object))], nowMs);
  });
  return [...schedules, ...workflows.map(({ group }) => group).filter((group) => !taken.has(group))];
}

function scheduleGroup(schedule: ChaosObject, members: readonly GroupMember[], nowMs: number): GroupItem {
  const { metadata, spec } = schedule;
  const status = isRecord(schedule.status) ? schedule.status : {};
  const lastAt = timeOf(status['time']);
  const text = textOf(spec['schedule']);
  const cron = parseCron(text);
  const paused = stringsOf(metadata.annotations)[PAUSE_ANNOTATION] === 'true' && spec['type'] !== 'Workflow';
  const active = members.some((one) => ('ref' in one ? one.desiredPhase !== 'Stop' : one.state === 'running'));
  const state: GroupState = metadata.deletionTimestamp
    ? 'stopping'
    : paused
      ? 'suspended'
      : active
        ? 'running'
        : 'scheduled';
  return item(schedule, {
    type: 'schedule',
    state,
    what: textOf(spec['type']) || undefined,
    reason: cron ? text : msg`The schedule "${text}" cannot be read.`,
    at: state === 'scheduled' || state === 'running' ? cron?.next(Math.max(nowMs, lastAt ?? 0)) : undefined,
    lastAt,
    members,
  });
}

function workflowGroup(
  workflow: ChaosObject,
  { nodes }: OrchestrationSnapshot,
  experiments: readonly Experiment[],
): GroupItem {
  const { metadata, spec } = workflow;
  const own = nodes.filter(
    (node) =>
      node.metadata.namespace === metadata.namespace && labelsOf(node)[WORKFLOW_LABEL] === textOf(metadata.name),
  );
  const templates = recordsOf(spec['templates']);
  const parts = {
    own,
    experiments,
    types: new Map(templates.map((one) => [textOf(one['name']), textOf(one['templateType'])])),
  };
  const entries = own.filter((node) => labelsOf(node)[CONTROLLED_BY_LABEL] === textOf(metadata.name));
  const leaves = own.filter((node) => !isBranch(textOf(node.spec['type'])));
  const conditions = conditionsOf(workflow);
  const state: GroupState = metadata.deletionTimestamp
    ? 'stopping'
    : conditions['Accomplished'] === 'True'
      ? 'done'
      : entries.length > 0
        ? 'running'
        : 'waiting';
  return item(workflow, {
    type: 'workflow',
    state,
    progress: {
      done: leaves.filter(isOver).length,
      total: templates.filter((one) => !isBranch(textOf(one['templateType']))).length,
    },
    // The entry is the workflow itself: what it holds is shown at once.
    members: entries.flatMap((entry) => {
      const member = nodeMember(entry, parts, 0);
      return member.flatMap((one) => ('ref' in one ? [one] : one.members.length > 0 ? one.members : [one]));
    }),
  });
}

interface Parts {
  own: readonly ChaosObject[];
  experiments: readonly Experiment[];
  /** Template types by the templates' names. */
  types: ReadonlyMap<string, string>;
}

/** A node's own experiment where it has one, else a row for the node with what is below it. */
function nodeMember(node: ChaosObject, parts: Parts, depth: number): GroupMember[] {
  const { metadata, spec } = node;
  const controlled = (one: ChaosObject): boolean =>
    one.metadata.namespace === metadata.namespace && labelsOf(one)[CONTROLLED_BY_LABEL] === textOf(metadata.name);
  const experiments = parts.experiments.filter(({ object }) => controlled(object));
  if (experiments.length > 0) return experiments;
  const type = textOf(spec['type']);
  const below = depth < DEEPEST ? parts.own.filter(controlled) : [];
  const begun = new Set(below.map((one) => textOf(one.spec['templateName'])));
  const children = Array.isArray(spec['children']) ? spec['children'].map(textOf) : [];
  const over = isOver(node);
  const missing = children.filter((name) => !begun.has(name)).map((name) => laterNode(node, name, parts, over));
  const state: GroupState = over ? 'done' : type === 'Suspend' ? 'waiting' : isBranch(type) ? 'running' : 'injecting';
  return [
    item(node, {
      type: 'node',
      name: textOf(spec['templateName']) || textOf(metadata.name),
      what: type,
      state,
      at: state === 'waiting' ? timeOf(spec['deadline']) : undefined,
      members: [...below.flatMap((one) => nodeMember(one, parts, depth + 1)), ...missing],
      object: undefined,
    }),
  ];
}

/** A template that has not started. */
function laterNode(parent: ChaosObject, name: string, { types }: Parts, over: boolean): GroupItem {
  return item(parent, {
    type: 'node',
    key: `${keyOf(parent)}/${name}`,
    name,
    what: types.get(name),
    state: over ? 'cancelled' : 'waiting',
    members: [],
    object: undefined,
  });
}

function item(object: ChaosObject, given: Item): GroupItem {
  return {
    key: keyOf(object),
    name: textOf(object.metadata.name),
    what: undefined,
    reason: undefined,
    at: undefined,
    lastAt: undefined,
    progress: undefined,
    ours: isMarked(object.metadata) || given.type === 'node',
    createdAt: timeOf(object.metadata.creationTimestamp) ?? 0,
    object,
    run: undefined,
    ...given,
  };
}

const keyOf = ({ kind, metadata }: ChaosObject): string =>
  `${kind}/${textOf(metadata.namespace)}/${textOf(metadata.name)}/${textOf(metadata.uid)}`;
const labelsOf = ({ metadata }: ChaosObject): Record<string, string> => stringsOf(metadata.labels);
const isBranch = (type: string): boolean => type === 'Serial' || type === 'Parallel';

function startedBy(schedule: ChaosObject, object: ChaosObject): boolean {
  if (labelsOf(object)[SCHEDULE_LABEL] !== textOf(schedule.metadata.name)) return false;
  return recordsOf(object.metadata['ownerReferences']).some((owner) => owner['uid'] === schedule.metadata.uid);
}

function conditionsOf({ status }: ChaosObject): Record<string, string> {
  const conditions = recordsOf(isRecord(status) ? status['conditions'] : undefined);
  return Object.fromEntries(conditions.map((one) => [textOf(one['type']), textOf(one['status'])]));
}

function isOver(node: ChaosObject): boolean {
  const conditions = conditionsOf(node);
  return ['Accomplished', 'DeadlineExceed', 'Aborted'].some((type) => conditions[type] === 'True');
}
