import { msg, type Text } from '../base/text';
import { isRecord, recordsOf, textOf } from '../base/unknown';
import { cronError } from '../time/cron';
import { durationError } from './goFormats';
import { nearestWord, setting, type Path, type RuleContext, type RuleFinding } from './findings';
import { embedKey, isInjectable } from './kinds';
import { specFindings } from './specRules';
import { durationFinding, webhookFindings } from './webhookFindings';
import { completed } from './webhookRules';

type Spec = Readonly<Record<string, unknown>>;

/** What is wrong in one workflow is not looked for any further; nor are more names for what was meant. */
const MOST = 100;

const error = (code: string, path: Path, message: Text, fixes: RuleFinding['fixes'] = []): RuleFinding => ({
  code,
  severity: 'error',
  path,
  message,
  fixes,
});

/** A Schedule: when, and the spec of its type. `filled` is the spec with what the API server and the webhooks fill in. */
export function scheduleFindings(
  spec: Spec,
  filled: unknown,
  at: Path,
  namespace: string,
  context: RuleContext,
): RuleFinding[] {
  const schedule = textOf(spec['schedule']);
  const wrong = schedule === '' ? undefined : cronError(schedule);
  const type = textOf(spec['type']);
  const findings: RuleFinding[] = wrong
    ? [error('cron', [...at, 'schedule'], wrong, [setting('Write "@every 1h"', [...at, 'schedule'], '@every 1h')])]
    : [];
  if (type === 'Workflow') {
    const inner = spec['workflow'];
    if (!isRecord(inner)) return [...findings, specMissing(at, type, 'workflow')];
    const [path, whole] = [[...at, 'workflow'], fieldOf(filled, 'workflow')];
    findings.push(...workflowFindings(inner, whole, path, namespace, context));
    return withRefused(findings, refusedLater('Workflow', inner, whole, path, context));
  }
  if (type === '') return findings;
  if (!isInjectable(type)) return [...findings, error('type', [...at, 'type'], msg`Unknown kind "${type}".`)];
  const key = embedKey(type);
  const inner = spec[key];
  if (!isRecord(inner)) return [...findings, specMissing(at, type, key)];
  return [...findings, ...specFindings(type, inner, [...at, key], namespace, context, 'schedule')];
}

const specMissing = (at: Path, type: string, key: string): RuleFinding =>
  error('specMissing', [...at, key], msg`The type ${type} requires the field "${key}".`);

const fieldOf = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;

/** What the webhooks refuse of an object that a controller makes of a spec when its turn comes. */
const refusedLater = (kind: string, spec: Spec, filled: unknown, at: Path, context: RuleContext): RuleFinding[] =>
  webhookFindings(kind, spec, at, context, completed(kind, isRecord(filled) ? filled : spec, ''));

/** With what the webhooks refuse, where no error is said already. */
export function withRefused(findings: readonly RuleFinding[], refused: readonly RuleFinding[]): RuleFinding[] {
  const said = new Set(findings.filter(({ severity }) => severity === 'error').map(({ path }) => path.join('/')));
  return [...findings, ...refused.filter(({ path }) => !said.has(path.join('/')))];
}

/** A Workflow: its entry, and templates that call one another by name. `filled` as of a schedule. */
export function workflowFindings(
  spec: Spec,
  filled: unknown,
  at: Path,
  namespace: string,
  context: RuleContext,
): RuleFinding[] {
  const templates = recordsOf(spec['templates']);
  const known = new Set(templates.map(({ name }) => textOf(name)));
  const findings: RuleFinding[] = [];
  const entry = textOf(spec['entry']);
  if (Array.isArray(spec['templates']) && templates.length === 0)
    findings.push(error('templates', [...at, 'templates'], 'A workflow requires at least one template.'));
  else if (entry !== '' && !known.has(entry)) findings.push(noTemplate([...at, 'entry'], entry, known));
  const seen = new Set<string>();
  const list = Array.isArray(spec['templates']) ? (spec['templates'] as unknown[]) : [];
  for (const [i, template] of list.entries()) {
    if (findings.length >= MOST) break;
    if (!isRecord(template)) continue;
    const path = [...at, 'templates', i];
    const name = textOf(template['name']);
    if (name !== '' && seen.has(name))
      findings.push(error('templateName', [...path, 'name'], msg`Duplicate template name "${name}".`));
    seen.add(name);
    const whole = fieldOf(fieldOf(filled, 'templates'), i);
    findings.push(...templateFindings(template, whole, path, namespace, known, context));
  }
  return [...findings, ...endlessChildren(list, entry, at)];
}

/** Children that begin a template that is still under way: Chaos Mesh makes nodes of them without end. */
function endlessChildren(list: readonly unknown[], entry: string, at: Path): RuleFinding[] {
  const groups = new Map<string, { i: number; children: string[]; next: number; isOpen: boolean }>();
  for (const [i, template] of list.entries())
    if (isRecord(template) && GROUPS.includes(textOf(template['templateType'])) && Array.isArray(template['children']))
      groups.set(textOf(template['name']), { i, children: template['children'].map(textOf), next: 0, isOpen: true });
  const first = groups.get(entry);
  const under = first ? [first] : [];
  const findings: RuleFinding[] = [];
  for (let group = under.at(-1); group && findings.length < MOST; group = under.at(-1)) {
    const place = group.next;
    group.next += 1;
    const name = group.children[place];
    const child = name === undefined ? undefined : groups.get(name);
    if (name === undefined) {
      group.isOpen = false;
      under.pop();
    } else if (child?.next === 0) under.push(child);
    else if (child?.isOpen)
      findings.push({
        code: 'templateLoop',
        severity: 'warning',
        path: [...at, 'templates', group.i, 'children', place],
        message: msg`"${name}" contains itself: the workflow would never end.`,
        fixes: [],
      });
  }
  return findings;
}

const noTemplate = (path: Path, name: string, known: ReadonlySet<string>): RuleFinding => {
  const meant = nearestWord(name, [...known].slice(0, MOST));
  return error(
    'noTemplate',
    path,
    msg`Unknown template "${name}".`,
    meant === undefined ? [] : [setting(msg`Change it to "${meant}"`, path, meant)],
  );
};

/** Templates that begin others. */
const GROUPS = ['Serial', 'Parallel'];

/** Chaos Mesh leaves their specs out when it makes a Schedule of a template (`conversionSchedule`, new_node.go). */
const LOST_IN_SCHEDULES = ['AzureChaos', 'BlockChaos'];

function templateFindings(
  template: Spec,
  filled: unknown,
  path: Path,
  namespace: string,
  known: ReadonlySet<string>,
  context: RuleContext,
): RuleFinding[] {
  const findings: RuleFinding[] = [];
  const type = textOf(template['templateType']);
  const { deadline } = template;
  const at = [...path, 'deadline'];
  // An empty one is parsed too.
  if (typeof deadline === 'string' && !(type === 'Suspend' && deadline === '') && durationError(deadline) !== undefined)
    findings.push({ code: 'duration', severity: 'error', path: at, ...durationFinding(deadline, at) });
  const isLasting = deadline === undefined || deadline === null;
  if (type === 'Suspend' && (isLasting || deadline === ''))
    findings.push(
      error('deadlineMissing', at, 'A Suspend template requires a deadline.', [
        setting('Wait for one minute', at, '1m'),
      ]),
    );
  const begun = (name: unknown, where: Path): void => {
    if (!known.has(textOf(name)) && findings.length < MOST) findings.push(noTemplate(where, textOf(name), known));
  };
  if (Array.isArray(template['children']))
    template['children'].forEach((child, i) => begun(child, [...path, 'children', i]));
  if (Array.isArray(template['conditionalBranches']))
    for (const [i, branch] of template['conditionalBranches'].entries())
      if (isRecord(branch)) begun(branch['target'], [...path, 'conditionalBranches', i, 'target']);
  if (isInjectable(type)) return [...findings, ...faultFindings(template, isLasting, path, namespace, context)];
  const held = HOLDERS[type];
  if (held) return [...findings, ...held(template, filled, path, namespace, context)];
  if (type === '' || type === 'Suspend' || GROUPS.includes(type)) return findings;
  return [...findings, error('type', [...path, 'templateType'], msg`Unknown template type "${type}".`)];
}

/** A template that injects. */
function faultFindings(
  template: Spec,
  isLasting: boolean,
  path: Path,
  namespace: string,
  context: RuleContext,
): RuleFinding[] {
  const type = textOf(template['templateType']);
  const key = embedKey(type);
  const inner = template[key];
  if (!isRecord(inner)) return [specMissing(path, type, key)];
  const at = [...path, 'deadline'];
  const findings: RuleFinding[] = isLasting
    ? [
        {
          code: 'noDeadline',
          severity: 'information',
          path: at,
          message: 'No deadline: it runs until the workflow is deleted.',
          fixes: [setting(msg`End it after ${context.duration}`, at, context.duration)],
        },
      ]
    : [];
  return [...findings, ...specFindings(type, inner, [...path, key], namespace, context, 'workflow')];
}

type Holder = (template: Spec, filled: unknown, path: Path, namespace: string, context: RuleContext) => RuleFinding[];

/** Templates of which an object is made when the workflow comes to them: only then the webhooks look at what they hold. */
const HOLDERS: Readonly<Record<string, Holder>> = {
  Schedule: (template, filled, path, namespace, context) => {
    const at = [...path, 'schedule'];
    const { schedule } = template;
    if (!isRecord(schedule)) return [error('specMissing', at, 'A Schedule template requires the field "schedule".')];
    const type = textOf(schedule['type']);
    const whole = fieldOf(filled, 'schedule');
    const findings = scheduleFindings(schedule, whole, at, namespace, context);
    if (LOST_IN_SCHEDULES.includes(type))
      findings.push(
        error(
          'specLost',
          [...at, 'type'],
          msg`A workflow cannot start a schedule of ${type}: Chaos Mesh loses its spec.`,
        ),
      );
    return withRefused(findings, refusedLater('Schedule', schedule, whole, at, context));
  },
  StatusCheck: (template, filled, path, _namespace, context) => {
    const at = [...path, 'statusCheck'];
    const { statusCheck } = template;
    if (!isRecord(statusCheck))
      return [error('specMissing', at, 'A StatusCheck template requires the field "statusCheck".')];
    return refusedLater('StatusCheck', statusCheck, fieldOf(filled, 'statusCheck'), at, context);
  },
  Task: ({ task }, _filled, path) => {
    if (isRecord(task) && isRecord(task['container'])) return [];
    const at = [...path, 'task', ...(isRecord(task) ? ['container'] : [])];
    return [error('specMissing', at, 'A Task template requires the field "task" with a container.')];
  },
};
