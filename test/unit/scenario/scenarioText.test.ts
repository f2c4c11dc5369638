import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scenarioLanguage } from '../../../src/adapters/scenario/index';
import { FAULTS } from '../../../src/core/faults/catalogue';
import { familyScenario } from '../../../src/core/scenario/families';
import { scenarioSchema } from '../../../scripts/scenarioSchema';
import { processorMs } from '../../support';
import { scenario, step } from './scenarios';

const { read, write } = scenarioLanguage;
const HEAD = 'apiVersion: distdiag.io/v1\nkind: Scenario\nname: two\n';
const at = (text: string): string[] =>
  read(text).issues.map(({ line, column, message }) => `${line + 1}:${column + 1} ${message}`);
const root = path.join(__dirname, '../../..');

describe('a scenario file', () => {
  it('that is written is read as it was', () => {
    const given = scenario(
      [
        step({ name: 'a', targets: [{ pod: 'db-0' }, { index: 1 }, { labels: { zone: 'z: "1"' } }] }),
        step({ name: 'yes', anomaly: 'disk_stress', offsetMs: 90_000, durationMs: undefined }),
        step({ name: 'cut', anomaly: 'network_partition', peers: [{ index: 1 }, { pod: 'db-2' }] }),
        step({ name: 'kill', anomaly: 'pod_kill', durationMs: undefined }),
      ],
      { description: 'two\nlines', onFailure: 'continue' },
    );
    expect(read(write(given))).toEqual({ scenario: given, issues: [], expectationLines: [] });
    const family = familyScenario('C', ['db-0'], ['cpu_stress', 'network_delay'], 60_000);
    expect(read(write(family)).scenario).toEqual(family);
  });

  it('keeps its expectations', () => {
    const source = { metric: 'db.commits', of: 'others', aggregate: 'sum' } as const;
    const given = scenario([step()], {
      expect: [
        {
          kind: 'metric',
          name: 'throughput',
          source,
          bound: { atLeast: 0.8, max: 9000 },
          during: 'always',
          forMs: 30_000,
          abort: true,
        },
        { kind: 'recovery', name: 'back', source: { query: 'sum(up)' }, to: 0.05, withinMs: 60_000 },
        { kind: 'diagnosis', name: 'named', withinMs: 45_000, noOther: true },
        { kind: 'pods', name: 'restarts', count: 'restarts', max: 0, abort: false },
      ],
    });
    const text = write(given);
    expect(read(text)).toMatchObject({ scenario: given, issues: [] });
    expect(read(text).expectationLines).toHaveLength(given.expect?.length ?? 0);
    expect(new Ajv({ strict: false }).validate(scenarioSchema(), parse(text))).toBe(true);
  });

  it('says of a tab no more than that it is one', () => {
    const text = `${HEAD}steps:\n  - anomaly: cpu_stress\n\ttargets: { index: 0 }\n    duration: 1m\n`;
    expect(at(text)).toEqual(['6:1 Indent YAML with spaces, not tabs.']);
  });

  it('names line and column of what is wrong', () => {
    const text = `${HEAD}steps:\n  - anomaly: earthquake\n    targets: [db-0, {index: -1}]\n    durration: 5m\n  - anomaly: cpu_stress\n`;
    expect(at(text)).toEqual([
      expect.stringMatching(/^7:5 Unknown field "durration"/) as unknown,
      expect.stringMatching(/^5:14 anomaly must be one of/) as unknown,
      expect.stringMatching(/^6:29 The index must be a whole number/) as unknown,
      expect.stringMatching(/^8:5 A step requires targets/) as unknown,
    ]);
  });

  it('names the word that was meant, in the place of which it stands', () => {
    const text = `${HEAD}steps:\n  - anomaly: network_los\n    targets: [db-0]\n    parameters: {percnt: 3}\n    durration: 5m\n  - anomaly: cpu_stress\n    targets: [a]\n    offset: 1m\n    ofset: 2m\n`;
    const lines = text.split('\n');
    const changes = read(text).issues.map(
      ({ line, column, endColumn, meant }) => `${lines[line]?.slice(column, endColumn)} → ${meant}`,
    );
    expect(changes.sort()).toEqual([
      'durration → duration',
      'network_los → network_loss',
      'ofset → undefined', // there is an offset already
    ]);
    const strange = text.replace('network_los', 'network_loss');
    expect(read(strange).issues.map(({ meant }) => meant)).toContain('percent');
  });

  it('that is no YAML says where', () => {
    expect(at(`${HEAD}steps: [`)[0]).toMatch(/^4:\d+ /);
    expect(at('name: a\nname: b\n')[0]).toMatch(/^2:1 Duplicate key "name"/);
    expect(at('')[0]).toMatch(/^1:1 The file is empty/);
    expect(at(`${HEAD}---\nkind: Scenario\n`)[0]).toMatch(/^\d:1 A scenario file must contain one document/);
  });

  it('cannot blow up: aliases are refused, long files are read in no time', () => {
    const laughs = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i++) {
      const [name, before] = ['abcdefghijkl'[i], 'abcdefghijkl'[i - 1]];
      laughs.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`);
    }
    const took = processorMs(() => {
      expect(at(laughs.join('\n'))[0]).toMatch(/^2:\d+ Aliases are not supported/);
      const long = `${HEAD}steps:\n${'  - anomaly: cpu_stress\n    targets: [db-0]\n'.repeat(1200)}`;
      expect(at(long)[0]).toMatch(/^105:\d+ A scenario has at most 50 steps; this one has 1200/);
      expect(at('[[[[[[[[[['.repeat(500)).length).toBeGreaterThan(0);
      expect(at('x'.repeat(2 * 1024 * 1024))).toEqual(['1:1 This file is too long to be checked.']);
    });
    expect(took).toBeLessThan(10_000);
  });

  it('never throws, and gives no scenario where there is an issue', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(300), (noise, place) => {
        const whole = `${HEAD}steps:\n  - anomaly: cpu_stress\n    targets: [db-0]\n    parameters: {load: 50}\n`;
        for (const text of [noise, whole.slice(0, place) + noise + whole.slice(place)]) {
          const { scenario: found, issues } = read(text);
          expect(found === undefined).toBe(issues.length > 0);
          for (const issue of issues) expect(issue.line).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the schema of scenario files', () => {
  const validate = new Ajv({ strict: false, allErrors: true }).compile(scenarioSchema() as object);

  it('is the file that is shipped: npm run schemas writes it from the catalogue', async () => {
    const file = path.join(root, 'media/schemas/scenario.schema.json');
    await expect(`${JSON.stringify(scenarioSchema(), undefined, 2)}\n`).toMatchFileSnapshot(file);
  });

  it('takes what the reader takes, and knows every anomaly and its parameters', () => {
    const text = write(
      scenario([
        step({ name: 'a' }),
        step({ name: 'b', anomaly: 'network_delay', targets: [{ index: 0 }] }),
        step({ name: 'c', anomaly: 'memory_stress' }),
        step({ name: 'd', anomaly: 'disk_stress', targets: [{ labels: { a: 'b' } }] }),
        ...FAULTS.map(({ type, oneShot, needsPeers }) =>
          step({
            name: type,
            anomaly: type,
            durationMs: oneShot ? undefined : 60_000,
            ...(needsPeers ? { peers: [{ index: 1 }] } : {}),
          }),
        ),
      ]),
    );
    expect(read(text).issues).toEqual([]);
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('refuses what the reader refuses', () => {
    for (const wrong of [
      'steps: []',
      'steps: [{anomaly: earthquake, targets: [db-0]}]',
      'steps: [{anomaly: cpu_stress}]',
      'steps: [{anomaly: cpu_stress, targets: [db-0], duration: 1d}]',
      'steps: [{anomaly: cpu_stress, targets: [db-0], parameters: {speed: 1}}]',
      'steps: [{anomaly: cpu_stress, targets: [{index: -1}]}]',
      'steps: [{anomaly: pod_kill, targets: [db-0], duration: 1m}]',
      'steps: [{anomaly: network_loss, targets: [db-0], peers: [db-1]}]',
      'steps: [{anomaly: network_partition, targets: [db-0], peers: []}]',
      'steps: [{anomaly: cpu_stress, targets: [db-0]}]\nonFailure: maybe',
    ]) {
      expect(read(HEAD + wrong).scenario, wrong).toBeUndefined();
      expect(validate(parse(HEAD + wrong)), wrong).toBe(false);
    }
  });
});

it('the examples of the documentation are read', () => {
  const text = readFileSync(path.join(root, 'docs/scenarios.md'), 'utf8');
  const examples = [...text.matchAll(/```yaml\n(apiVersion: distdiag\.io[^`]+)```/g)].map(
    ([, example]) => example ?? '',
  );
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) expect(read(example).issues).toEqual([]);
  expect(readdirSync(path.join(root, 'media/schemas'))).toContain('scenario.schema.json');
});

it('the documentation names every fault with its parameters', () => {
  const text = readFileSync(path.join(root, 'docs/scenarios.md'), 'utf8');
  const rows = new Map([...text.matchAll(/^\| `(\w+)` +\| (.+?) +\|$/gm)].map(([, name, rest]) => [name, rest]));
  for (const { type, parameters } of FAULTS)
    expect(
      [...(rows.get(type) ?? '').matchAll(/`(\w+)`/g)].map(([, id]) => id),
      type,
    ).toEqual(parameters.map(({ id }) => id));
});
