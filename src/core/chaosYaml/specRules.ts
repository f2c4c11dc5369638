import { msg, type Text } from '../base/text';
import { isOneShot } from '../experiments/kinds';
import { isRecord, textOf } from '../base/unknown';
import { setting, type Fix, type Path, type RuleContext, type RuleFinding } from './findings';
import { kindSelectsPods } from './kinds';
import { kindFindings } from './kindRules';
import { selectorOf } from './selectorText';
import { durationFinding } from './webhookFindings';

type Spec = Readonly<Record<string, unknown>>;

/** Where a spec is: an object of its own, or inside a Schedule or a Workflow's template. */
export type Embedded = 'object' | 'schedule' | 'workflow';

/** All that is wrong or likely not meant of an experiment's spec. `namespace` is the object's own. */
export function specFindings(
  kind: string,
  spec: Spec,
  at: Path,
  namespace: string,
  context: RuleContext,
  embedded: Embedded = 'object',
): RuleFinding[] {
  return [
    ...(kindSelectsPods(kind) ? selectionFindings(spec, at, namespace, context) : []),
    ...targetFindings(kind, spec, at, namespace),
    ...kindFindings(kind, spec, at, context),
    ...timeFindings(kind, spec, at, context, embedded),
  ];
}

function selectionFindings(spec: Spec, at: Path, namespace: string, context: RuleContext): RuleFinding[] {
  const findings: RuleFinding[] = [];
  if (spec['mode'] === undefined || spec['mode'] === null)
    findings.push({
      code: 'modeMissing',
      severity: 'error',
      path: [...at, 'mode'],
      message: 'Missing field "mode": how many of the selected pods are targets.',
      fixes: [setting('Add mode: one', [...at, 'mode'], 'one'), setting('Add mode: all', [...at, 'mode'], 'all')],
    });
  const selector = spec['selector'];
  const path = [...at, 'selector'];
  const ours = { namespaces: [context.namespace], ...selectorOf(context.labelSelector) };
  if (selector === undefined || selector === null)
    findings.push({
      code: 'selectorMissing',
      severity: 'warning',
      path,
      message: msg`Missing field "selector": every pod in ${namespace || context.namespace} is selected.`,
      fixes: [setting('Select the database pods', path, ours)],
    });
  else if (isRecord(selector)) {
    if (selectsAll(selector)) {
      const given = Array.isArray(selector['namespaces']) ? selector['namespaces'].map(textOf).filter(Boolean) : [];
      const where = (given.length > 0 ? given : [namespace || context.namespace]).join(', ');
      findings.push({
        code: 'selectsAll',
        severity: 'warning',
        path,
        message: msg`Every pod in ${where} is selected.`,
        fixes: narrow('Select only the database pods', path, context),
      });
    }
    findings.push(...emptyPods(selector, path), ...appLabel(selector, path, context));
  }
  return findings;
}

/** Nothing narrows it but namespaces, or the phase. */
function selectsAll(selector: Spec): boolean {
  const narrows = (value: unknown): boolean =>
    Array.isArray(value) ? value.length > 0 : isRecord(value) && Object.keys(value).length > 0;
  return ![
    'labelSelectors',
    'expressionSelectors',
    'annotationSelectors',
    'fieldSelectors',
    'nodes',
    'nodeSelectors',
    'pods',
  ].some((key) => narrows(selector[key]));
}

function emptyPods(selector: Spec, path: Path): RuleFinding[] {
  const { pods } = selector;
  if (!isRecord(pods) || Object.keys(pods).length === 0) return [];
  if (Object.values(pods).some((names) => Array.isArray(names) && names.length > 0)) return [];
  return [
    {
      code: 'selectsNone',
      severity: 'warning',
      path: [...path, 'pods'],
      message: 'The list of pods is empty, so nothing is selected: a list of pods overrides all other selectors.',
      fixes: [{ title: 'Remove the empty list', changes: [{ op: 'remove', path: [...path, 'pods'] }] }],
    },
  ];
}

/** The label of other deployments: ob-operator's pods do not have it. */
function appLabel(selector: Spec, path: Path, context: RuleContext): RuleFinding[] {
  const labels = selector['labelSelectors'];
  if (!isRecord(labels) || !/^(ob-?cluster|oceanbase|observer)/.test(textOf(labels['app']))) return [];
  if (/(^|,)app(=|,|$)/.test(context.labelSelector)) return [];
  return [
    {
      code: 'appLabel',
      severity: 'warning',
      path: [...path, 'labelSelectors', 'app'],
      message: msg`ob-operator does not set the label "app", so nothing is selected: its pods have "${context.labelSelector}".`,
      fixes: narrow('Select by the label of the settings', path, context, [
        Object.keys(labels).length > 1 ? 'labelSelectors/app' : 'labelSelectors',
      ]),
    },
  ];
}

function narrow(title: Text, path: Path, context: RuleContext, without: readonly string[] = []): Fix[] {
  const { labelSelectors, expressionSelectors } = selectorOf(context.labelSelector);
  const set = Object.entries({ labelSelectors, expressionSelectors }).filter(([, value]) => value !== undefined);
  if (set.length === 0) return [];
  const replaced = without.includes('labelSelectors') && labelSelectors !== undefined;
  return [
    {
      title,
      changes: [
        ...(replaced ? [] : without.map((one) => ({ op: 'remove' as const, path: [...path, ...one.split('/')] }))),
        ...set.map(([key, value]) => ({ op: 'set' as const, path: [...path, key], value })),
      ],
    },
  ];
}

/** The other end of a network fault is selected likewise. */
function targetFindings(kind: string, spec: Spec, at: Path, namespace: string): RuleFinding[] {
  const { target } = spec;
  if (kind !== 'NetworkChaos' || !isRecord(target) || !isRecord(target['selector'])) return [];
  if (!selectsAll(target['selector']) || namespace === '') return [];
  const path = [...at, 'target', 'selector'];
  const message: Text = 'Every pod in the namespace is a target on the other side.';
  return [{ code: 'selectsAll', severity: 'information', path, message, fixes: [] }];
}

function timeFindings(kind: string, spec: Spec, at: Path, context: RuleContext, embedded: Embedded): RuleFinding[] {
  const path = [...at, 'duration'];
  const given = spec['duration'];
  if (embedded === 'workflow') {
    if (given === undefined || given === null) return [];
    const message: Text = 'In a workflow the template’s deadline ends the experiment: it must not have a duration.';
    const fixes: Fix[] = [{ title: 'Remove the duration', changes: [{ op: 'remove', path }] }];
    return [{ code: 'workflowDuration', severity: 'error', path, message, fixes }];
  }
  if (typeof given === 'number')
    return [{ code: 'duration', severity: 'error', path, ...durationFinding(String(given), path) }];
  if (typeof given === 'string' && given !== '') return [];
  if (isOneShot(kind, spec)) return [];
  return [
    {
      code: 'noDuration',
      severity: 'information',
      path,
      message: 'No duration: it runs until it is deleted.',
      fixes: [setting(msg`End it after ${context.duration}`, path, context.duration)],
    },
  ];
}
