import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../src/demo/kubernetes/objects/objects';
import { labelPredicate } from '../../../../src/demo/kubernetes/requests/labelSelector';
import { RESOURCES, type Resource } from '../../../../src/demo/kubernetes/objects/resources';
import { fieldPredicate } from '../../../../src/demo/kubernetes/requests/selectors';

const labels = { app: 'db', tier: 'gold', 'ref-obcluster': 'obcluster' };

describe('label selectors', () => {
  it.each([
    ['', true],
    ['app', true],
    ['!app', false],
    ['!other', true],
    ['app=db', true],
    ['app==web', false],
    ['app!=web', true],
    ['other!=web', true],
    ['tier in (gold, silver)', true],
    ['tier notin (gold,silver)', false],
    ['other notin (x)', true],
    ['ref-obcluster,tier in (gold),app!=web', true],
    ['ref-obcluster,tier in (iron)', false],
  ])('%j is %s', (text, expected) => {
    expect(labelPredicate(text)(labels)).toBe(expected);
  });

  it.each([
    ['size>5', true],
    ['size<5', false],
    ['tier in (gold,)', true],
    ['other in (x,)', false],
    ['app=', false],
    ['app = db , tier', true],
    ['constructor', false],
  ])('%j is %s too', (text, expected) => {
    expect(labelPredicate(text)({ ...labels, size: '7' })).toBe(expected);
  });

  it.each(
    [
      'app ~ db',
      'a=b=c',
      '=x',
      ',',
      'a,,b',
      'a,',
      'a in',
      'a in (',
      'a in (b',
      'a in b',
      'a in ()',
      'a notin ()',
    ].concat(['!!a', 'a b', 'a=b,c)', 'ä=x', 'a>x', 'a=b!', '!', 'a/b/c', `a=${'x'.repeat(64)}`]),
  )('refuses %j instead of guessing', (text) => {
    expect(() => labelPredicate(text)).toThrow(/unable to parse requirement/);
  });
});

describe('field selectors', () => {
  const of = (kind: string): Resource => RESOURCES.find((one) => one.kind === kind) as Resource;
  const pod: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', namespace: 'n' },
    status: { phase: 'Running' },
  };

  it.each([
    ['metadata.name=a', true],
    ['metadata.name!=a', false],
    ['status.phase=Running,metadata.namespace=n', true],
    ['status.phase!=Running', false],
    ['spec.nodeName=', true],
    [String.raw`metadata.name!=a\,b`, true],
  ])('%j is %s', (text, expected) => {
    expect(fieldPredicate(text, of('Pod'))(pod)).toBe(expected);
  });

  it('refuses a field that the kind cannot be selected by', () => {
    expect(() => fieldPredicate('status.phase=Running', of('StressChaos'))).toThrow(
      'field label not supported: status.phase',
    );
  });
});
