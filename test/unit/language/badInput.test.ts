import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scenarioLanguage } from '../../../src/adapters/scenario/index';
import { mentionsChaos } from '../../../src/core/chaosYaml/language';
import { processorMs } from '../../support';
import { check, context, experiment, GOOD, language, mended } from './support';

const good = experiment('StressChaos', `${GOOD}stressors: {cpu: {workers: 1}}`);
const HEAD = 'apiVersion: chaos-mesh.org/v1alpha1\n';

/** Pieces that break parsers, in any order. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      'spec:',
      '  ',
      '\t',
      '\n',
      '- ',
      '&a ',
      '*a',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '|\n',
      '>',
      '---\n',
      '...\n',
      '%YAML 1.2\n',
      '? ',
      ': ',
      '#',
      '!!int ',
      '!x',
      '<<: *a\n',
      '\u0000',
      '\uFEFF',
      '\r\n',
      'null',
      '__proto__: 1\n',
    ),
    fc.string({ maxLength: 8 }),
    fc.constantFrom(...good.split('\n').map((line) => `${line}\n`)),
  ),
  { maxLength: 40 },
);

describe('no text makes it throw', () => {
  it('checks, completes and explains anything', () => {
    fc.assert(
      fc.property(pieces, fc.nat(), fc.boolean(), (parts, at, headed) => {
        const text = (headed ? HEAD : '') + parts.join('');
        const { findings, objects } = language.check(text, context);
        for (const { start, end } of findings) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length + 1);
        }
        for (const { start, end } of objects) expect(end).toBeGreaterThanOrEqual(start);
        const offset = at % (text.length + 1);
        language.complete(text, offset, undefined);
        language.explain(text, offset, undefined);
      }),
      { numRuns: 1500 },
    );
  });

  it('fixes of broken objects leave something that can be parsed', () => {
    const lines = good.trimEnd().split('\n');
    fc.assert(
      fc.property(fc.subarray(lines), fc.constantFrom('\n', '\r\n'), (kept, newline) => {
        const text = kept.join(newline);
        for (const finding of check(text).filter(({ source }) => source !== 'syntax'))
          for (const i of finding.fixes.keys())
            expect(check(mended(text, finding, i)).filter(({ source }) => source === 'syntax')).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('any spec of any values', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.constant(null),
        fc.boolean(),
        fc.array(tie('any')),
        fc.dictionary(
          fc.constantFrom(
            'selector',
            'mode',
            'value',
            'duration',
            'delay',
            'loss',
            'stressors',
            'cpu',
            'workers',
            'target',
            'templates',
            'entry',
            'schedule',
            'pods',
          ),
          tie('any'),
        ),
      ),
    })).any;
    const kind = fc.constantFrom(
      'StressChaos',
      'NetworkChaos',
      'IOChaos',
      'PodChaos',
      'HTTPChaos',
      'Schedule',
      'Workflow',
      'Nothing',
    );
    fc.assert(
      fc.property(kind, value, (name, spec) => {
        language.check(
          `${HEAD}kind: ${name}\nmetadata: ${JSON.stringify(spec)}\nspec: ${JSON.stringify(spec)}\n`,
          context,
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('texts made to harm', () => {
  it('alias bombs are refused at their place', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `  l${i + 1}: &l${i + 1} [${Array(10).fill(`*l${i}`).join(', ')}]`,
    );
    const text = `${HEAD}kind: StressChaos\nspec:\n  l0: &l0 [a]\n${levels.join('\n')}\n`;
    const took = processorMs(() => {
      const [finding] = check(text);
      expect(finding?.message).toMatch(/expands its aliases without bounds/);
      expect(text.slice(finding?.start, finding?.end)).toBe('*l0');
      expect(language.check(text, context).objects).toEqual([]);
    });
    expect(took).toBeLessThan(1000);
  });

  it('an alias of itself, and brackets without end', () => {
    expect(check(`${HEAD}kind: PodChaos\nspec: &s\n  selector: *s\n`).length).toBeGreaterThan(0);
    for (const bracket of ['[', '{', '- ', '{a: ']) {
      const took = processorMs(() => {
        expect(Array.isArray(check(`${HEAD}spec: ${bracket.repeat(20_000)}`))).toBe(true);
      });
      expect(took).toBeLessThan(5000);
    }
  });

  it.each<[string, (depth: number) => string]>([
    ['maps within keys', (depth) => `${'{'.repeat(depth)}1${'}: 1'.repeat(depth - 1)}}`],
    ['lists within keys', (depth) => `${'{['.repeat(depth)}1${']: 1}'.repeat(depth)}`],
    ['keys within lists', (depth) => `${'[? '.repeat(depth)}1${']'.repeat(depth)}`],
  ])('keys that are no texts are not read: %s', (_, nested) => {
    const took = processorMs(() => {
      const [finding] = check(`${HEAD}kind: PodChaos\nspec: ${nested(100)}\n`);
      expect(finding?.message).toMatch(/^A key must be a string/);
    });
    expect(took).toBeLessThan(1000);
    expect(check(`${HEAD}kind: PodChaos\nx: &x a\nspec: {*x : 1}\n`).map(({ message }) => message)).toEqual([
      'A key must be a string; this is a map, a list or an alias.',
    ]);
  });

  it('a fix does not reach through an alias', () => {
    const text = `${HEAD}kind: NetworkChaos\nmetadata: {name: a}\nspec:\n  selector: {labelSelectors: {a: b}}\n  mode: one\n  duration: 1m\n  action: corrupt\n  loss: &x {loss: "1%"}\n  corrupt: {corrupt: "1"}\n`;
    expect(check(text).some(({ code }) => code === 'float')).toBe(true);
  });

  it('too long a text is not read, and says so', () => {
    const findings = check(`${good}# ${'x'.repeat(64_000)}`);
    expect(findings.map(({ message }) => message)).toEqual(['This file is too long to be checked.']);
  });

  it('of a thousand errors the first hundred are told, and that there are more', () => {
    const found = check(`${HEAD}kind: StressChaos\nspec:\n${'\t- a\n'.repeat(1000)}`);
    expect(found).toHaveLength(101);
    expect(found.at(-1)?.message).toMatch(/^The rest of this file is not checked/);
  });

  /** As long as a text may be, and as dear as we know how to make it. */
  const fill = (piece: string | ((i: number) => string), head = 'spec:\n'): string => {
    let text = `${HEAD}kind: Workflow\nmetadata: {name: a}\n${head}`;
    for (let i = 0; text.length < 63_000; i++) text += typeof piece === 'string' ? piece : piece(i);
    return text;
  };
  it.each<[string, string]>([
    ['tabs', fill('\t- a\n')],
    ['brackets that do not match', fill('  a: [}\n')],
    ['open quotation marks', fill('  a: "\n')],
    ['escapes that are none', fill('\\q', 'spec: "')],
    ['documents without end', fill('---\n')],
    ['ends of documents', fill('...\n')],
    ['closing brackets', fill('}\n')],
    ['brackets within brackets', fill('[', 'spec: ')],
    ['lists within lists', fill('- ')],
    ['one map', fill((i) => `  k${i}: 1\n`)],
    ['one key again and again', fill('  k: 1\n')],
    ['aliases', fill('  - *x\n', 'spec: &x 1\nlist:\n')],
    ['labels that are refused', fill((i) => `    - {name: t${i}, templateType: X}\n`, 'spec:\n  templates:\n')],
    [
      'templates that are not there',
      fill((i) => `    - {name: long-name-${i}, children: [long-nbme-${i}]}\n`, 'spec:\n  entry: x\n  templates:\n'),
    ],
    [
      'children that are not there',
      fill(
        (i) =>
          i === 800
            ? '    - name: x\n      children:\n'
            : i < 800
              ? `    - {name: long-name-${i}}\n`
              : `        - long-nbme-${i}\n`,
        'spec:\n  templates:\n',
      ),
    ],
  ])('no text holds the editor: %s', (name, text) => {
    check(experiment('Workflow', 'entry: a\ntemplates: []')); // what is compiled once
    let findings: ReturnType<typeof check> = [];
    const took = processorMs(() => (findings = check(text)));
    console.log(`${name}: ${took.toFixed(0)} ms, ${findings.length} findings`);
    expect(findings.length).toBeLessThanOrEqual(301);
    // Of all threads: the compiler's and the collector's too, while nothing is compiled yet.
    expect(took).toBeLessThan(2000);
    expect(processorMs(() => scenarioLanguage.read(text))).toBeLessThan(1000);
  });

  it('all that could be mended in a text, as whoever marks it asks for, takes no time', () => {
    const wrong = fill((i) => `  durtion${i}: 1\n`);
    const many = Array.from({ length: 480 }, () => `${HEAD}kind: StressChaos\nspec: {a: 1}\n`).join('---\n');
    for (const text of [wrong, many]) {
      const { findings } = language.check(text, context);
      const took = processorMs(() => {
        const changes = findings.flatMap(({ object, fixes }) => fixes.map((fix) => language.change(text, object, fix)));
        expect(changes.filter((change) => change !== undefined).length).toBeGreaterThan(90);
      });
      expect(took).toBeLessThan(1000);
    }
  });

  it('what is asked of every YAML file takes no time, whatever it holds', () => {
    const texts = ['\n', ' ', '\t\n', '- ', 'apiVersion', '"', ':'].map((piece) =>
      piece.repeat(1_000_000 / piece.length),
    );
    for (const text of texts) {
      expect(processorMs(() => expect(mentionsChaos(text)).toBe(false))).toBeLessThan(1000);
      expect(processorMs(() => expect(check(text)).toHaveLength(1))).toBeLessThan(200);
      const line = `${HEAD}spec:\n  key: ${text.slice(0, 60_000)}x`;
      expect(processorMs(() => language.explain(line, line.indexOf('key') + 1, undefined))).toBeLessThan(1000);
    }
  });
});

describe('errors of syntax', () => {
  it('are shown at their place', () => {
    const tab = `${HEAD}kind: PodChaos\nspec:\n\tmode: one\n`;
    const [finding] = check(tab);
    expect(finding?.message).toMatch(/spaces, not tabs/);
    expect(tab.slice(0, finding?.start).split('\n')).toHaveLength(4);
    const open = `${HEAD}kind: "PodChaos\nspec: {}\n`;
    expect(check(open).every(({ severity }) => severity === 'error')).toBe(true);
    const twice = `${good}  mode: all\n`;
    expect(
      check(twice)
        .filter(({ source }) => source === 'syntax')
        .map(({ message }) => message),
    ).toEqual(['Duplicate key "mode".']);
  });

  it('of another document of the file do not hide this one’s', () => {
    const text = `${good}---\n${HEAD}kind: [\n---\n${good.replace('mode: one', 'mode: no')}`;
    const found = check(text);
    expect(new Set(found.map(({ object }) => object))).toEqual(new Set([1, 2]));
    expect(language.check(text, context).objects.map(({ index }) => index)).toEqual([0, 2]);
  });

  it('of other people’s objects are none of ours', () => {
    expect(check('apiVersion: v1\nkind: Pod\nspec:\n  anything: 1\n')).toEqual([]);
    expect(check('a: [\n')).toEqual([]);
    expect(mentionsChaos('apiVersion: v1\n# chaos-mesh.org/v1alpha1')).toBe(false);
    expect(mentionsChaos('---\napiVersion: "chaos-mesh.org/v1alpha1"')).toBe(true);
  });
});
