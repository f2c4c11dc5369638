import { cronError } from '../../time/cron';
import { isRecord, recordsOf } from '../../base/unknown';
import { durationError, isSubdomain } from '../goFormats';
import { embedKey, isInjectable } from '../kinds';
import { record, stringOf, type Problem } from './problem';
import { keysOf, type Json } from './walk';

/** Checks a spec inside another object. */
type OfKind = (kind: string, spec: Readonly<Json>) => Problem[];

const problem = (rule: string, path: Problem['path'], field: string, value: unknown, why: string): Problem => ({
  rule,
  path,
  field,
  value,
  why,
});

/** The module's own panic where a schedule or a template has no spec of its type: the API server is told of it. */
const PANIC = 'panic: runtime error: invalid memory address or nil pointer dereference [recovered]';

/** `ScheduleSpec.Validate`. */
export function scheduleProblems(spec: Readonly<Json>, ofKind: OfKind): Problem[] {
  const schedule = stringOf(spec['schedule']);
  const wrong = cronError(schedule);
  const type = stringOf(spec['type']);
  return [
    ...(wrong === undefined
      ? []
      : [
          problem(
            'cron',
            ['schedule'],
            'spec.schedule',
            schedule,
            `parse schedule field error:${goCronError(schedule)}`,
          ),
        ]),
    ...(type === 'Workflow' ? [] : embedded(spec, type, 'spec', [], ofKind)),
  ];
}

function embedded(
  holder: Readonly<Json>,
  type: string,
  field: string,
  path: Problem['path'],
  ofKind: OfKind,
): Problem[] {
  if (!isInjectable(type))
    return [problem('type', [...path, 'type'], field, type, `unknown template type ${type}: invalid value`)];
  const key = embedKey(type);
  const spec = holder[key];
  if (!isRecord(spec)) return [problem('specMissing', [...path, key], '', undefined, PANIC)];
  return ofKind(type, spec).map((one) => ({ ...one, path: [...path, key, ...one.path] }));
}

/** `Workflow.ValidateCreate`. */
export function workflowProblems(spec: Readonly<Json>, ofKind: OfKind): Problem[] {
  const templates = recordsOf(spec['templates']);
  const entry = stringOf(spec['entry']);
  const names = templates.map(({ name }) => stringOf(name));
  const twice = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))].sort();
  const invalid = (path: string, value: unknown, why: string, rule: string): Problem =>
    problem(rule, [path], `spec.${path}`, value, why);
  return [
    ...(entry === ''
      ? [problem('needed', ['entry'], 'spec.entry', undefined, 'the entry of workflow is required')]
      : []),
    ...(names.includes(entry)
      ? []
      : [invalid('entry', entry, `can not find a template with name ${entry}`, 'noTemplate')]),
    ...(templates.length > 0
      ? []
      : [invalid('templates', templates, 'templates in workflow could not be empty', 'templates')]),
    ...(twice.length === 0
      ? []
      : [
          invalid(
            'templates',
            '',
            `template name must be unique, duplicated names: [${twice.join(' ')}]`,
            'templateName',
          ),
        ]),
    ...templates.flatMap((one, i) => templateProblems(one, i, names, ofKind)),
  ];
}

const EMBEDDED = keysOf('EmbedChaos');
const LABEL_RULE =
  "[a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')]";

/** What a template of a type must not hold beside its own, in the order in which it is said. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  Suspend: ['task', 'children', 'conditionalBranches', 'chaos', 'schedule'],
  Serial: ['task', 'conditionalBranches', 'chaos', 'schedule'],
  Parallel: ['task', 'conditionalBranches', 'chaos', 'schedule'],
  Schedule: ['task', 'children', 'conditionalBranches', 'chaos'],
  Task: ['children', 'chaos', 'schedule'],
  StatusCheck: ['task', 'children', 'conditionalBranches', 'chaos', 'schedule'],
};
const OF_CHAOS = ['task', 'children', 'conditionalBranches', 'schedule'];
const HELD: Readonly<Record<string, string>> = {
  task: 'Task',
  children: 'Children',
  conditionalBranches: 'ConditionalBranches',
  chaos: 'any Chaos',
  schedule: 'Schedule',
};

/** `validateTemplate`. */
function templateProblems(
  template: Readonly<Json>,
  index: number,
  names: readonly string[],
  ofKind: OfKind,
): Problem[] {
  const field = `spec.templates[${index}]`;
  const path = ['templates', index];
  const type = stringOf(template['templateType']);
  const name = stringOf(template['name']);
  const problems: Problem[] = [];
  if (name === '')
    problems.push(problem('needed', [...path, 'name'], `${field}.name`, undefined, 'name of template is required'));
  if (!isSubdomain(name))
    problems.push(
      problem(
        'templateName',
        [...path, 'name'],
        `${field}.name`,
        name,
        `field name must be DNS-1123 subdomain, ${LABEL_RULE}`,
      ),
    );
  if (type === 'Suspend' && stringOf(template['deadline']) === '')
    problems.push(
      problem(
        'deadlineMissing',
        [...path, 'deadline'],
        `${field}.deadline`,
        template['deadline'],
        'deadline in template with type Suspend could not be empty',
      ),
    );
  if ((type === 'Serial' || type === 'Parallel') && Array.isArray(template['children']))
    for (const [i, child] of (template['children'] as unknown[]).entries())
      if (!names.includes(stringOf(child)))
        problems.push(
          problem(
            'noTemplate',
            [...path, 'children', i],
            `${field}.children[${i}]`,
            child,
            `can not find a template with name ${stringOf(child)}`,
          ),
        );
  if (isInjectable(type)) problems.push(...durationProblems(template, type, field, path));
  const forbidden = isInjectable(type) ? OF_CHAOS : FORBIDDEN[type];
  for (const key of forbidden ?? []) {
    const held = heldKey(template, key);
    if (held !== undefined)
      problems.push(
        problem('notHere', [...path, held], field, template[held], `this template should not contain ${HELD[key]}`),
      );
  }
  if (isInjectable(type)) problems.push(...embedded(template, type, field, path, ofKind));
  else if (forbidden === undefined)
    problems.push(
      problem('type', [...path, 'templateType'], `${field}.templateType`, type, `unrecognized template type: ${type}`),
    );
  return problems;
}

/** The field that a template holds of what it should not; undefined where it holds none. */
function heldKey(template: Readonly<Json>, key: string): string | undefined {
  if (key === 'chaos') return EMBEDDED.find((one) => Object.hasOwn(template, one));
  const value = template[key];
  const there = Array.isArray(value) ? value.length > 0 : isRecord(value);
  return there ? key : undefined;
}

/** `shouldNotSetupDurationInTheChaos`: an empty one counts as none only where it is not written. */
function durationProblems(template: Readonly<Json>, type: string, field: string, path: Problem['path']): Problem[] {
  const spec = template[embedKey(type)];
  if (!isRecord(spec)) return [];
  const { duration } = record(spec);
  if (duration === undefined || duration === null) return [];
  const at = [...path, embedKey(type), 'duration'];
  const wrong = durationError(stringOf(duration));
  return [
    problem(
      'workflowDuration',
      at,
      field,
      duration,
      wrong ?? 'should not define duration in chaos when using Workflow, use Template#Deadline instead.',
    ),
  ];
}

/** What robfig/cron says of a schedule that it does not take; of its fields only that they cannot be read. */
function goCronError(given: string): string {
  const fields = given.trim().split(/\s+/);
  if (given === '') return 'empty spec string';
  if (given.startsWith('@')) return `unrecognized descriptor: ${given}`;
  if (fields.length < 5 || fields.length > 6)
    return `expected 5 to 6 fields, found ${fields.length}: [${fields.join(' ')}]`;
  return `failed to parse ${JSON.stringify(given)}`;
}
