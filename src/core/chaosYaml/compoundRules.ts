import { isRecord, recordsOf, textOf } from '../base/unknown';
import { cronError } from '../base/cron';
import { durationError } from './goFormats';
import { nearest, setting, type Path, type RuleContext, type RuleFinding } from './findings';
import { embedKey, isInjectable } from './kinds';
import { specFindings } from './specRules';
import { durationFinding, webhookFindings } from './webhookFindings';

type Spec = Readonly<Record<string, unknown>>;

/** What is wrong in one workflow is not looked for any further; nor are more names for what was meant. */
const MOST = 100;

const error = (code: string, path: Path, message: string, fixes: RuleFinding['fixes'] = []): RuleFinding => ({
  code,
  severity: 'error',
  path,
  message,
  fixes,
});

/** A Schedule: when, and the spec of its type. */
export function scheduleFindings(spec: Spec, at: Path, namespace: string, context: RuleContext): RuleFinding[] {
  const schedule = textOf(spec['schedule']);
  const wrong = schedule === '' ? undefined : cronError(schedule);
  const type = textOf(spec['type']);
  const findings: RuleFinding[] = wrong
    ? [error('cron', [...at, 'schedule'], wrong, [setting('Write "@every 1h"', [...at, 'schedule'], '@every 1h')])]
    : [];
  if (type === 'Workflow') {
    const inner = spec['workflow'];
    if (!isRecord(inner)) return [...findings, specMissing(at, type, 'workflow')];
    return [...findings, ...workflowFindings(inner, [...at, 'workflow'], namespace, context)];
  }
  if (type === '') return findings;
  if (!isInjectable(type)) return [...findings, error('type', [...at, 'type'], `There is no kind "${type}".`)];
  const key = embedKey(type);
  const inner = spec[key];
  if (!isRecord(inner)) return [...findings, specMissing(at, type, key)];
  return [...findings, ...specFindings(type, inner, [...at, key], namespace, context, 'schedule')];
}

const specMissing = (at: Path, type: string, key: string): RuleFinding =>
  error('specMissing', [...at, key], `The type ${type} needs the field "${key}": what is injected.`);

/** A Workflow: its entry, and templates that call one another by name. */
export function workflowFindings(spec: Spec, at: Path, namespace: string, context: RuleContext): RuleFinding[] {
  const templates = recordsOf(spec['templates']);
  const known = new Set(templates.map(({ name }) => textOf(name)));
  const findings: RuleFinding[] = [];
  const entry = textOf(spec['entry']);
  if (Array.isArray(spec['templates']) && templates.length === 0)
    findings.push(error('templates', [...at, 'templates'], 'A workflow needs at least one template.'));
  else if (entry !== '' && !known.has(entry)) findings.push(noTemplate([...at, 'entry'], entry, known));
  const seen = new Set<string>();
  const list = Array.isArray(spec['templates']) ? spec['templates'] : [];
  for (const [i, template] of list.entries()) {
    if (findings.length >= MOST) break;
    if (!isRecord(template)) continue;
    const path = [...at, 'templates', i];
    const name = textOf(template['name']);
    if (name !== '' && seen.has(name))
      findings.push(error('templateName', [...path, 'name'], `There are two templates of the name "${name}".`));
    seen.add(name);
    findings.push(...templateFindings(template, path, namespace, known, context));
  }
  return findings;
}

const noTemplate = (path: Path, name: string, known: ReadonlySet<string>): RuleFinding => {
  const meant = nearest(name, [...known].slice(0, MOST));
  return error(
    'noTemplate',
    path,
    `There is no template "${name}".`,
    meant === undefined ? [] : [setting(`Change it to "${meant}"`, path, meant)],
  );
};

const OTHER_TYPES = ['Serial', 'Parallel', 'Suspend', 'Task', 'Schedule', 'StatusCheck'];

function templateFindings(
  template: Spec,
  path: Path,
  namespace: string,
  known: ReadonlySet<string>,
  context: RuleContext,
): RuleFinding[] {
  const findings: RuleFinding[] = [];
  const type = textOf(template['templateType']);
  const deadline = textOf(template['deadline']);
  const at = [...path, 'deadline'];
  if (deadline !== '' && durationError(deadline) !== undefined)
    findings.push({ code: 'duration', severity: 'error', path: at, ...durationFinding(deadline, at) });
  if (type === 'Suspend' && deadline === '')
    findings.push(
      error('deadlineMissing', at, 'A pause needs a deadline: how long it takes.', [
        setting('Wait for one minute', at, '1m'),
      ]),
    );
  if (Array.isArray(template['children']))
    for (const [i, child] of template['children'].entries()) {
      const name = textOf(child);
      if (!known.has(name) && findings.length < MOST) findings.push(noTemplate([...path, 'children', i], name, known));
    }
  if (type === 'Schedule' && isRecord(template['schedule'])) {
    // The webhooks look at it when the workflow comes to it, and refuse it then.
    const at = [...path, 'schedule'];
    findings.push(...scheduleFindings(template['schedule'], at, namespace, context));
    findings.push(...webhookFindings('Schedule', template['schedule'], at, context));
  }
  if (!isInjectable(type)) {
    if (type !== '' && !OTHER_TYPES.includes(type))
      findings.push(error('type', [...path, 'templateType'], `There is no type of template "${type}".`));
    return findings;
  }
  const key = embedKey(type);
  const inner = template[key];
  if (!isRecord(inner)) return [...findings, specMissing(path, type, key)];
  if (deadline === '')
    findings.push({
      code: 'noDeadline',
      severity: 'information',
      path: at,
      message: 'It has no deadline: it acts until the workflow is deleted.',
      fixes: [setting(`End it after ${context.duration}`, at, context.duration)],
    });
  return [...findings, ...specFindings(type, inner, [...path, key], namespace, context, 'workflow')];
}
