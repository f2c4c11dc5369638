import { createLanguage } from '../../../src/adapters/language/index';
import type { Finding, RuleContext } from '../../../src/core/chaosYaml/language';
import { DEMO_RULES } from '../../support';

export const language = createLanguage();
export const context: RuleContext = DEMO_RULES;

export const check = (text: string): Finding[] => [...language.check(text, context).findings];

/** A text with a finding's fix applied. */
export function mended(text: string, finding: Finding, which = 0): string {
  const fix = finding.fixes[which];
  if (!fix) throw new Error(`no fix for ${finding.code}`);
  const change = language.change(text, finding.object, fix);
  if (!change) throw new Error(`${fix.title} changes nothing`);
  return text.slice(0, change.start) + change.text + text.slice(change.end);
}

/** An experiment as text: a spec of these lines, each indented by two. */
export const experiment = (kind: string, lines: string): string =>
  [
    'apiVersion: chaos-mesh.org/v1alpha1',
    `kind: ${kind}`,
    'metadata:',
    '  name: one',
    '  namespace: oceanbase',
    'spec:',
    ...lines
      .trim()
      .split('\n')
      .map((line) => `  ${line}`),
    '',
  ].join('\n');

/** Selector, mode and duration that nothing is to be said of. */
export const GOOD = `selector:
  labelSelectors:
    ref-obcluster: obcluster
mode: one
duration: 3m
`;
