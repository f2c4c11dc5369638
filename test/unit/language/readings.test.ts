import { describe, expect, it } from 'vitest';
import { check, context, experiment, GOOD, language, mended } from './support';

const manifestOf = (text: string): unknown => language.check(text, context).objects[0]?.manifest;
const marked = (text: string, code: string): string[] =>
  check(text)
    .filter((finding) => finding.code === code)
    .map(({ start, end }) => text.slice(start, end));

describe('what is sent', () => {
  const perm = experiment('IOChaos', `${GOOD}action: attrOverride\nvolumePath: /data\nattr:\n  perm: 0644`);

  it('is what kubectl sends: 0644 is 420, which is told and can be written out', () => {
    expect(manifestOf(perm)).toMatchObject({ spec: { attr: { perm: 420 } } });
    const [finding, ...others] = check(perm);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'information',
      message: 'kubectl reads 0644 as 420: quote it to make it a string.',
    });
    expect(marked(perm, 'reading')).toEqual(['0644']);
    if (!finding) throw new Error('nothing is found');
    expect(mended(perm, finding, 0)).toContain('perm: "0644"\n');
    expect(check(mended(perm, finding, 1))).toEqual([]);
  });

  it('has what is merged into it', () => {
    const text = experiment(
      'PodChaos',
      'x: &base\n  labelSelectors: {a: b}\nselector: {<<: *base, namespaces: [oceanbase]}\nmode: one\naction: pod-kill',
    );
    expect(manifestOf(text)).toMatchObject({
      spec: { selector: { labelSelectors: { a: 'b' }, namespaces: ['oceanbase'] } },
    });
    expect(check(text).map(({ message }) => message)).toEqual(['Unknown field "x".']);
    expect(marked(text.replace('a: b', 'a: 1'), 'type')).toEqual(['1']);
  });

  it('of two maps has the merged one where that comes later', () => {
    const text = experiment(
      'PodChaos',
      'selector: {<<: {namespaces: [b]}}\nmode: all\n<<: {mode: one}\naction: pod-kill',
    );
    expect(manifestOf(text)).toMatchObject({ spec: { mode: 'one', selector: { namespaces: ['b'] } } });
    expect(marked(text, 'mergeWins')).toEqual(['mode']);
  });

  it('of a list is each of its objects', () => {
    const item = perm.trimEnd().replace(/^/gm, '  ').replace('  ', '- ');
    const list = `apiVersion: v1\nkind: List\nitems:\n${item}\n${item.replace('one', 'two')}\n`;
    const { objects, findings } = language.check(list, context);
    expect(objects.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(objects.map(({ start }) => list.slice(start, start + 12))).toEqual(['apiVersion: ', 'apiVersion: ']);
    expect(findings.map(({ code }) => code)).toEqual(['reading', 'reading']);
    const second = findings[1];
    if (!second) throw new Error('nothing is found');
    expect(mended(list, second, 1)).toBe(`${list.slice(0, second.start)}420${list.slice(second.end)}`);
  });

  it('is nothing where it has more digits than can be sent', () => {
    const text = experiment('StressChaos', `${GOOD}stressors: {cpu: {workers: 9007199254740993}}`);
    expect(language.check(text, context).objects).toEqual([]);
    expect(marked(text, 'syntax')).toEqual(['9007199254740993']);
  });
});

describe('words of YAML 1.1', () => {
  it('in the place of a text are put in quotation marks as they stand', () => {
    const text = experiment('PodChaos', 'selector: {labelSelectors: {zone: on}}\nmode: one\naction: pod-kill');
    const [finding, ...others] = check(text);
    expect(others).toEqual([]);
    expect(finding?.message).toEqual('"zone" must be a string, but kubectl reads on as true: quote it.');
    if (!finding) throw new Error('nothing is found');
    expect(mended(text, finding)).toBe(text.replace('zone: on', 'zone: "on"'));
    expect(check(mended(text, finding))).toEqual([]);
    expect(check(text.replace('on}', '"on"}'))).toEqual([]);
  });

  it('as a key are put in quotation marks too', () => {
    const text = experiment('PodChaos', 'selector: {labelSelectors: {y: "1"}}\nmode: one\naction: pod-kill');
    const [finding, ...others] = check(text);
    expect(others).toEqual([]);
    expect(finding?.message).toEqual('kubectl reads the key y as "true": quote it to make it a string.');
    if (!finding) throw new Error('nothing is found');
    expect(text.slice(finding.start, finding.end)).toBe('y');
    expect(check(mended(text, finding))).toEqual([]);
  });
});
