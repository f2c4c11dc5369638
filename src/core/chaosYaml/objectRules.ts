import { msg, type Text } from '../base/text';
import { CHAOS_API_VERSION } from '../experiments/labels';
import { isRecord, textOf } from '../base/unknown';
import { scheduleFindings, withRefused, workflowFindings } from './compoundRules';
import { nearestWord, setting, type RuleContext, type RuleFinding } from './findings';
import { INTERNAL_KINDS, isInjectable, WRITTEN_KINDS } from './kinds';
import { specFindings } from './specRules';
import { webhookFindings } from './webhookFindings';

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * All that Chaos Mesh's webhooks refuse of an object, and the known traps that they let through. The schema is another's.
 * `filled` is the object as the webhooks see it, with what the API server and they themselves fill in.
 */
export function objectFindings(
  object: Readonly<Record<string, unknown>>,
  context: RuleContext,
  filled: Readonly<Record<string, unknown>>,
): RuleFinding[] {
  const findings = identityFindings(object);
  const { spec } = object;
  if (!isRecord(spec)) return findings;
  const metadata = isRecord(object['metadata']) ? object['metadata'] : {};
  const namespace = textOf(metadata['namespace']);
  const kind = textOf(object['kind']);
  const whole = isRecord(filled['spec']) ? filled['spec'] : spec;
  if (kind === 'Schedule') findings.push(...scheduleFindings(spec, whole, ['spec'], namespace, context));
  else if (kind === 'Workflow') findings.push(...workflowFindings(spec, whole, ['spec'], namespace, context));
  else if (isInjectable(kind)) findings.push(...specFindings(kind, spec, ['spec'], namespace, context));
  return withRefused(findings, webhookFindings(kind, spec, ['spec'], context, whole));
}

function identityFindings(object: Readonly<Record<string, unknown>>): RuleFinding[] {
  const findings: RuleFinding[] = [];
  const apiVersion = textOf(object['apiVersion']);
  if (apiVersion !== CHAOS_API_VERSION)
    findings.push({
      code: 'apiVersion',
      severity: 'error',
      path: ['apiVersion'],
      message: apiVersion === '' ? 'Missing field "apiVersion".' : msg`Unknown Chaos Mesh API version "${apiVersion}".`,
      fixes: [setting(msg`Write ${CHAOS_API_VERSION}`, ['apiVersion'], CHAOS_API_VERSION)],
    });
  const kind = textOf(object['kind']);
  if (INTERNAL_KINDS.includes(kind))
    findings.push({
      code: 'internalKind',
      severity: 'warning',
      path: ['kind'],
      message: msg`${kind} is managed by the Chaos Mesh controller. Do not create or change it.`,
      fixes: [],
    });
  else if (!WRITTEN_KINDS.includes(kind)) {
    const meant = nearestWord(kind, WRITTEN_KINDS);
    findings.push({
      code: 'kind',
      severity: 'error',
      path: ['kind'],
      message: kind === '' ? 'Missing field "kind".' : msg`Unknown Chaos Mesh kind "${kind}".`,
      fixes: meant === undefined ? [] : [setting(msg`Change it to "${meant}"`, ['kind'], meant)],
    });
  }
  return [...findings, ...nameFindings(object['metadata'])];
}

function nameFindings(metadata: unknown): RuleFinding[] {
  const { name, generateName } = isRecord(metadata) ? metadata : {};
  const given = textOf(name);
  const path = ['metadata', 'name'];
  const at = (message: Text, fixes: RuleFinding['fixes'] = []): RuleFinding[] => [
    { code: 'name', severity: 'error', path, message, fixes },
  ];
  if (given === '') {
    if (textOf(generateName) !== '') return [];
    return at('Missing field "metadata.name".');
  }
  if (given.length <= 253 && NAME.test(given)) return [];
  const meant = given
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .slice(0, 63)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .replace(/\.(?=[.-])|-(?=\.)/g, '');
  const fixes = NAME.test(meant) ? [setting(msg`Change it to "${meant}"`, path, meant)] : [];
  return given.length > 253
    ? at(msg`Names are limited to 253 characters; this one has ${given.length}.`, fixes)
    : at(
        'Names may contain only lowercase letters, digits, "-" and ".", and must begin and end with a letter or digit.',
        fixes,
      );
}
