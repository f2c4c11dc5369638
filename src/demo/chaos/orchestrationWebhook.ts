import { parseCron } from '../../core/cron';
import { SCHEDULE, WORKFLOW } from '../../core/orchestration/embedded';
import type { KubeObject } from '../kubernetes/objects';
import { embeddedKey } from '../../core/orchestration/embedded';

type Json = Record<string, unknown>;

/** What Chaos Mesh's validating webhooks for workflows and schedules say; `ofKind` checks an embedded spec. */
export function orchestrationProblems(
  kind: string,
  { spec = {} }: KubeObject,
  ofKind: (kind: string, spec: Json) => string[],
): string[] {
  if (kind === WORKFLOW) return workflow(spec, 'spec');
  if (kind !== SCHEDULE) return [];
  const text = String(spec['schedule'] ?? '');
  const type = String(spec['type']);
  const embedded = spec[embeddedKey(type)] as Json | undefined;
  return [
    ...(parseCron(text) ? [] : [invalid('spec.schedule', text, `parse schedule field error:${cronError(text)}`)]),
    ...(embedded === undefined ? [] : ofKind(type, embedded)),
  ];
}

function workflow(spec: Json, path: string): string[] {
  const templates = (spec['templates'] ?? []) as Json[];
  const entry = String(spec['entry'] ?? '');
  const names = templates.map(({ name }) => String(name));
  const twice = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))].sort();
  return [
    ...(entry === '' ? [`${path}.entry: Required value: the entry of workflow is required`] : []),
    ...(names.includes(entry) ? [] : [invalid(`${path}.entry`, entry, `can not find a template with name ${entry}`)]),
    ...(templates.length > 0
      ? []
      : [invalid(`${path}.templates`, templates, 'templates in workflow could not be empty')]),
    ...(twice.length === 0
      ? []
      : [invalid(`${path}.templates`, '', `template name must be unique, duplicated names: [${twice.join(' ')}]`)]),
    ...templates.flatMap((one, i) => template(one, `${path}.templates[${i}]`, names)),
  ];
}

function template(given: Json, path: string, names: readonly string[]): string[] {
  const type = String(given['templateType']);
  const problems: string[] = [];
  const name = String(given['name'] ?? '');
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) || name.length > 253)
    problems.push(
      invalid(
        `${path}.name`,
        name,
        "field name must be DNS-1123 subdomain, [a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')]",
      ),
    );
  if (type === 'Suspend') {
    if (!given['deadline'])
      problems.push(
        invalid(`${path}.deadline`, given['deadline'], 'deadline in template with type Suspend could not be empty'),
      );
  } else if (type === 'Serial' || type === 'Parallel') {
    ((given['children'] ?? []) as string[]).forEach((child, i) => {
      if (!names.includes(child))
        problems.push(invalid(`${path}.children[${i}]`, child, `can not find a template with name ${child}`));
    });
  } else if (type.endsWith('Chaos')) {
    const chaos = given[embeddedKey(type)] as Json | undefined;
    if (!chaos)
      problems.push(invalid(`${path}.${type}`, undefined, `parse workflow field error: missing chaos spec ${type}`));
    else if (chaos['duration'] !== undefined)
      problems.push(
        invalid(
          path,
          chaos['duration'],
          'should not define duration in chaos when using Workflow, use Template#Deadline instead.',
        ),
      );
  } else if (!['Task', 'Schedule', 'StatusCheck'].includes(type))
    problems.push(invalid(`${path}.templateType`, type, `unrecognized template type: ${type}`));
  return problems;
}

const invalid = (path: string, value: unknown, why: string): string =>
  `${path}: Invalid value: ${JSON.stringify(value ?? null)}: ${why}`;

function cronError(text: string): string {
  const fields = text.trim().split(/\s+/);
  if (text.trim() === '') return 'empty spec string';
  if (text.startsWith('@')) return `unrecognized descriptor: ${text}`;
  if (fields.length < 5 || fields.length > 6)
    return `expected 5 to 6 fields, found ${fields.length}: [${fields.join(' ')}]`;
  return `failed to parse ${JSON.stringify(text)}`;
}
