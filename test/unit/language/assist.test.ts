import { describe, expect, it } from 'vitest';
import { experiment, GOOD, language } from './support';

/** Labels offered at the bar of a text. */
function offered(text: string): string[] {
  const offset = text.indexOf('|');
  return language.complete(text.replace('|', ''), offset, undefined).map(({ label }) => label);
}

describe('completion', () => {
  it('offers the fields of a kind, the required ones first, without those that are there', () => {
    const fields = offered(experiment('NetworkChaos', 'mode: one\n|'));
    expect(fields.slice(0, 2).sort()).toEqual(['action', 'selector']);
    expect(fields).toContain('bandwidth');
    expect(fields).not.toContain('mode');
    expect(fields).not.toContain('stressors');
  });

  it('offers what is inside a block, a list and an embedded spec', () => {
    expect(offered(experiment('NetworkChaos', 'delay:\n  jitter: 1ms\n  |'))).toEqual([
      'latency',
      'correlation',
      'reorder',
    ]);
    expect(offered(experiment('NetworkChaos', 'selector:\n  expressionSelectors:\n    - key: a\n      |'))).toEqual([
      'operator',
      'values',
    ]);
    expect(offered(experiment('NetworkChaos', 'selector:\n  expressionSelectors:\n  - |'))).toContain('key');
    expect(offered(experiment('Schedule', 'podChaos:\n  |'))).toContain('gracePeriod');
    expect(offered(experiment('Workflow', 'templates:\n  - name: a\n    children:\n      - b\n    |'))).toContain(
      'templateType',
    );
    expect(offered(experiment('Workflow', 'templates:\n  - name: a\n    ioChaos:\n      |'))).toContain('volumePath');
  });

  it('offers kinds, versions and the values of a field', () => {
    expect(offered('kind: |\n')).toContain('StressChaos');
    expect(offered('apiVersion: |\n')).toEqual(['chaos-mesh.org/v1alpha1']);
    expect(offered('|')).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
    expect(offered(experiment('PodChaos', 'action: |'))).toEqual(['pod-kill', 'pod-failure', 'container-kill']);
    expect(offered(experiment('HTTPChaos', 'abort: |'))).toEqual(['true', 'false']);
  });

  it('goes by the object that the cursor is in', () => {
    const two = `${experiment('PodChaos', GOOD)}---\n${experiment('TimeChaos', `${GOOD}|`)}`;
    expect(offered(two)).toContain('timeOffset');
    expect(offered(`${experiment('PodChaos', `${GOOD}|`)}---\n${experiment('TimeChaos', GOOD)}`)).toContain(
      'gracePeriod',
    );
  });
});

describe('hover', () => {
  const explained = (text: string): string | undefined => {
    const offset = text.indexOf('|');
    return language.explain(text.replace('|', ''), offset, undefined)?.text;
  };

  it('says what a field is, which values it takes and what it is without it', () => {
    expect(explained(experiment('NetworkChaos', 'delay:\n  la|tency: 1ms'))).toMatch(/one unit/i);
    expect(explained(experiment('NetworkChaos', 'direc|tion: to'))).toMatch(/`from`.*= `to`/s);
    expect(explained('kind: Stress|Chaos\n')).toMatch(/CPU/);
    expect(explained(experiment('NetworkChaos', 'unknown|: to'))).toBeUndefined();
  });
});
