import type { RuleContext } from '../../core/chaosYaml/findings';
import { selectorOf } from '../../core/chaosYaml/selectorText';
import type { Template } from '../../core/chaosYaml/language';
import { CHAOS_API_VERSION } from '../../core/experiments/labels';
import { writeYaml } from '../yaml/write';
import { COMPOUND_TEMPLATES, FAULT_TEMPLATES, type FaultTemplate } from './templateTexts';

/** An experiment of every kind and action to begin with, filled with the target of the settings. */
export function templates(context: RuleContext): Template[] {
  return [
    ...FAULT_TEMPLATES.map(({ id, title, description, kind, ...fault }) => {
      const parts = [...(fault.machine ? [] : [selection(context)]), body(fault, context)];
      if (fault.once !== true)
        parts.push(
          `# Counted from the creation on; without it the fault acts until it is deleted.\nduration: ${context.duration}`,
        );
      return { id, title, description, kind, text: document(kind, id, description, parts.join('\n'), context) };
    }),
    ...COMPOUND_TEMPLATES.map(({ id, title, description, kind, spec }) => ({
      id,
      title,
      description,
      kind,
      text: document(kind, id, description, filled(spec, context), context),
    })),
  ];
}

function document(kind: string, name: string, comment: string, spec: string, { namespace }: RuleContext): string {
  return [
    `# ${comment}`,
    `apiVersion: ${CHAOS_API_VERSION}`,
    `kind: ${kind}`,
    'metadata:',
    `  name: ${name}`,
    `  namespace: ${scalar(namespace)}`,
    'spec:',
    spec.replace(/^(?=.)/gm, '  '),
    '',
  ].join('\n');
}

const scalar = (value: unknown): string => writeYaml(value).trimEnd();

/** Which pods, with the other ways to choose them in comments. */
function selection(context: RuleContext): string {
  const block = writeYaml({
    selector: { namespaces: [context.namespace], ...selectorOf(context.labelSelector) },
  }).trimEnd();
  return [
    '# Which pods: all keys hold together. By name instead: pods: { namespace: [pod, pod] }',
    block,
    '# How many of them: one, all, fixed, fixed-percent or random-max-percent (the last three with a value)',
    'mode: one',
  ].join('\n');
}

const body = ({ spec, containers }: Pick<FaultTemplate, 'spec' | 'containers'>, context: RuleContext): string =>
  [...(containers ? [`containerNames: [${scalar(context.container)}]`] : []), filled(spec, context)].join('\n');

/** Places of the texts: `<duration>`, `<volumePath>`, `<container>`, and `<selector>` with the indentation of its line. */
function filled(text: string, context: RuleContext): string {
  const selector = writeYaml({ namespaces: [context.namespace], ...selectorOf(context.labelSelector) }).trimEnd();
  return text
    .trim()
    .replace(/^( *)<selector>$/gm, (_, indent: string) => selector.replace(/^/gm, indent))
    .replaceAll('<duration>', context.duration)
    .replaceAll('<volumePath>', scalar(context.volumePath))
    .replaceAll('<files>', scalar(`${context.volumePath.replace(/\/+$/, '')}/**/*`))
    .replaceAll('<container>', scalar(context.container));
}
