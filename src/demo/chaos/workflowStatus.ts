import type { KubeObject } from '../kubernetes/objects/objects';

interface Condition {
  type: string;
  status: string;
  reason: string;
}

const listOf = ({ status }: KubeObject): Condition[] => (status?.['conditions'] as Condition[] | undefined) ?? [];

/** The conditions of a workflow or a node by their types. */
export const conditionsOf = (object: KubeObject): Record<string, string> =>
  Object.fromEntries(listOf(object).map(({ type, status }) => [type, status]));

/** True for a node that is accomplished, out of time or aborted. */
export const isFinished = (node: KubeObject): boolean => {
  const conditions = conditionsOf(node);
  return ['Accomplished', 'DeadlineExceed', 'Aborted'].some((type) => conditions[type] === 'True');
};

/** The object with a condition set. */
export function withCondition(object: KubeObject, type: string, status: string, reason: string): KubeObject {
  const others = listOf(object).filter((one) => one.type !== type);
  const conditions = [...others, { type, status, reason }].sort((a, b) => (a.type < b.type ? -1 : 1));
  return { ...object, status: { ...object.status, conditions } };
}
