import { setDefaults } from './webhooks/complete';
import { scheduleProblems, workflowProblems } from './webhooks/compound';
import type { Problem } from './webhooks/problem';
import { specType } from './webhooks/types';
import { validators } from './webhooks/validators';
import { methodOf, walk, type Json } from './webhooks/walk';

export type { Problem as WebhookProblem } from './webhooks/problem';
export { completed } from './webhooks/complete';

/**
 * What Chaos Mesh's validating webhooks refuse of a spec that the mutating ones have filled in, in their order. Which
 * fields they look at is in `webhooks/types.json`, which is made from Chaos Mesh's own API module.
 */
export function webhookProblems(kind: string, spec: Readonly<Json>): Problem[] {
  return [...unreadable(kind, spec), ...problemsOf(kind, spec)];
}

/** Numbers of Go's types that are no `int` or `int64`: what is out of their range cannot be read. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
  uint32: [0, 2 ** 32 - 1],
  uint: [0, Infinity],
  uint64: [0, Infinity],
};

function unreadable(kind: string, spec: Readonly<Json>): Problem[] {
  const problems: Problem[] = [];
  walk(specType(kind) ?? '', spec as Json, ({ type, value, path }) => {
    const name = type.replace(/^\*/, '');
    const [least, most] = RANGES[name] ?? [-Infinity, Infinity];
    if (typeof value !== 'number' || (value >= least && value <= most)) return;
    const why = `json: cannot unmarshal number ${value} into Go struct field ${path.join('.')} of type ${name}`;
    problems.push({ rule: 'range', path, field: '', value, why });
  });
  return problems;
}

function problemsOf(kind: string, spec: Readonly<Json>): Problem[] {
  if (kind === 'Schedule') return scheduleProblems(spec, ofEmbedded);
  if (kind === 'Workflow') return workflowProblems(spec, ofEmbedded);
  const type = specType(kind);
  if (type === undefined) return [];
  const problems: Problem[] = [];
  walk(type, spec as Json, (visited) => {
    const method = methodOf(visited, 'validate');
    if (method !== undefined) problems.push(...(validators[method]?.(visited, spec) ?? []));
  });
  return problems;
}

/** A spec inside a Schedule or a Workflow is filled in before it is checked. */
function ofEmbedded(kind: string, given: Readonly<Json>): Problem[] {
  const spec = structuredClone(given) as Json;
  setDefaults(specType(kind) ?? '', spec, undefined);
  return problemsOf(kind, spec);
}
