import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scenarioLanguage } from '../../../src/adapters/scenario/index';
import { defaultParameters, FAULT_TYPES, faultDefinition, isAnomalyType } from '../../../src/core/faults/catalogue';
import { BEARINGS, jointBearing } from '../../../src/core/presets/bearing';
import { faultsTest, presetTest } from '../../../src/core/presets/presetTest';
import { mayAbort } from '../../../src/core/scenario/expectation';
import { MOST_STEPS } from '../../../src/core/scenario/scenario';

const root = path.join(__dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const schema = JSON.parse(read('media/schemas/scenario.schema.json')) as object;
const validate = new Ajv({ strict: false }).compile(schema);

describe.each(FAULT_TYPES)('the ready test of %s', (type) => {
  const scenario = presetTest(type);
  const text = scenarioLanguage.write(scenario);

  it('is a scenario file as the schema and the reader have it', () => {
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
    const { scenario: again, issues } = scenarioLanguage.read(text);
    expect(issues).toEqual([]);
    expect(again).toEqual(scenario);
  });

  it('hits one pod by the catalogue’s default strength, for a time that ends', () => {
    expect(scenario.steps).toHaveLength(1);
    const [step] = scenario.steps;
    expect(step).toMatchObject({ anomaly: type, targets: [{ index: 0 }], parameters: defaultParameters(type) });
    expect(step?.durationMs).toBe(faultDefinition(type).oneShot ? undefined : 120_000);
  });

  it('ends what does more harm than allowed, and asks the diagnosis only of what it can name', () => {
    const { expect: expectations = [] } = scenario;
    const guarded = expectations.some((one) => one.kind === 'metric' && mayAbort(one));
    expect(guarded).toBe(!faultDefinition(type).oneShot);
    expect(expectations.some(({ kind }) => kind === 'diagnosis')).toBe(isAnomalyType(type));
    expect(expectations.some(({ kind }) => kind === 'recovery')).toBe(true);
  });

  it('ends the fault only below what it fails at', () => {
    const { guard, throughput } = BEARINGS[type];
    expect(guard ?? 0).toBeLessThan(throughput);
  });
});

it('the page about resilience tests tells what each expects', () => {
  const rows = [
    ...read('docs/resilience-tests.md').matchAll(
      /^\| ([a-zA-Z/, ]+) \| (of the other nodes )?at least (\d+)% \| (\d)m \|$/gm,
    ),
  ];
  const told = rows.flatMap(([, faults = '', others, share, minutes]) =>
    faults.split(', ').map((title) => [title, `${others ? 'others' : 'database'} ${share}% ${minutes}m`] as const),
  );
  const known = FAULT_TYPES.map((type) => {
    const { of, throughput, recoveryMs } = BEARINGS[type];
    const { title } = faultDefinition(type);
    return [String(title).toLowerCase(), `${of} ${Math.round(throughput * 100)}% ${recoveryMs / 60_000}m`] as const;
  });
  expect(new Map(told.map(([title, rest]) => [title.toLowerCase(), rest]))).toEqual(new Map(known));
});

it('of several faults the weakest expectation counts, and restarts add up', () => {
  const { throughput, guard } = jointBearing(['cpu_stress', 'network_delay']);
  expect([throughput, guard]).toEqual([BEARINGS.network_delay.throughput, BEARINGS.network_delay.guard]);
  expect(jointBearing(['cpu_stress', 'pod_kill', 'container_kill'])).toMatchObject({
    guard: undefined,
    of: 'others',
    restarts: 2,
    notReady: 1,
    recoveryMs: BEARINGS.pod_kill.recoveryMs,
  });
});

it('several faults act one after another, as many as a scenario holds', () => {
  const faults = FAULT_TYPES.flatMap((type) => [0, 1, 2].map((index) => ({ type, target: { index } })));
  const scenario = faultsTest('all', 'All of them.', faults);
  expect(scenario.steps).toHaveLength(MOST_STEPS);
  scenario.steps.slice(1).forEach((step, i) => {
    const before = scenario.steps[i];
    expect(step.offsetMs).toBeGreaterThan((before?.offsetMs ?? 0) + (before?.durationMs ?? 0));
  });
  expect(scenarioLanguage.read(scenarioLanguage.write(scenario)).issues).toEqual([]);
});
