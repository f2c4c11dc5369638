import { describe, expect, it } from 'vitest';
import { embedKey } from '../../../src/core/chaosYaml/kinds';
import type { ChaosObject } from '../../../src/core/experiments/experiment';
import { INJECTABLE_KINDS } from '../../../src/core/experiments/kinds';
import { summarize } from '../../../src/core/experiments/summary';
import { heldBy, isStarter } from '../../../src/core/workflows/held';
import { impactOf } from '../../../src/core/impact/impact';
import type { ImpactScope } from '../../../src/core/impact/scope';
import { CREATED } from '../experiments/experiments';
import { CHAOS_CRDS } from '../../../src/demo/chaos/definitions';
import { pod } from './pods';

/*
 * Whatever a person could write into an object that the cluster would take is set alone, and looked for in what a person
 * is shown before it is sent: by its value, or, where it has none to be told by, by its name.
 */

interface Schema {
  type?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
}
type Path = readonly (string | number)[];
interface Field {
  path: Path;
  name: string;
  values: readonly unknown[];
}

const schemas = new Map(
  CHAOS_CRDS.map(({ spec: { names, versions } }) => {
    const { properties } = versions[0]?.schema.openAPIV3Schema as { properties: { spec?: Schema } };
    return [names.kind, properties.spec ?? {}] as const;
  }),
);

const WORD = 'told-to-nobody';
const NUMBER = 987_654;

/** Every field of a schema that holds a value. */
function fieldsOf(schema: Schema, at: Path = [], name = ''): Field[] {
  const { type, properties, items, additionalProperties } = schema;
  if (properties)
    return Object.entries(properties).flatMap(([key, one]) =>
      fieldsOf(one, [...at, key], name === '' ? key : `${name}.${key}`),
    );
  if (items) return fieldsOf(items, [...at, 0], `${name}[]`);
  if (typeof additionalProperties === 'object') return fieldsOf(additionalProperties, [...at, WORD], `${name}{}`);
  const values = schema.enum ?? (type === 'boolean' ? [true, false] : type === 'integer' ? [NUMBER] : [WORD]);
  return [{ path: at, name, values }];
}

function set(holder: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (
    typeof key === 'number' ? [...((holder as unknown[] | undefined) ?? [])] : { ...(holder as object) }
  ) as Record<string | number, unknown>;
  copy[key] = set(copy[key], rest, value);
  return copy;
}

/** Fields that a person need not read, with the reason; the rest of the pattern's fields are read by what they cause. */
const JUDGED: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)password$/, 'lets the attack in, and changes nothing of what it does'],
  [/(^|\.)(selector(\.|$)|target\.selector\.)/, 'the pods that it names are shown, and no others are sent'],
  [/(^|\.)(mode|value)$/, 'how many of the pods are hit is shown'],
];
/** The same of what only workflows and schedules have. */
const JUDGED_OF_STARTERS: readonly (readonly [RegExp, string])[] = [
  [
    /(^|\.)(entry|children\[\]|templates\[\]\.name|templateType|type)$/,
    'each step that is begun is shown, and no other',
  ],
  [
    /^templates\[\]\.deadline$|^workflow\.templates\[\]\.deadline$/,
    'a branch ends earlier; of a fault it is the duration',
  ],
  [/templates\[\]\.\w+\.duration$/, 'refused in a step, whose deadline counts in its stead and is shown'],
  [/^schedule$/, 'when it runs next, and that it runs again, is said beside the question'],
];
const isJudged = (name: string, more: readonly (readonly [RegExp, string])[]): boolean =>
  [...JUDGED, ...more].some(([pattern]) => pattern.test(name));

const pods = ['ob-1', 'ob-2', 'ob-3'].map((one) => pod({ name: one, labels: { app: 'ob' } }));
const world: ImpactScope = {
  pods,
  nodes: new Map(),
  unseen: [],
  database: pods.map(({ target }) => target),
  experiments: [],
  memoryUsed: {},
  nowMs: CREATED,
};
const ONE = { mode: 'all', selector: { pods: { oceanbase: ['ob-1'] } } };
/** What a person reads of it. */
function shown(object: ChaosObject): string {
  const held = isStarter(object.kind) ? heldBy(object) : undefined;
  const harm = held ? impactOf(held.manifests, world, held.moments, held) : impactOf([object], world);
  return [
    ...harm.parts.flatMap(({ manifest, rest }) => [
      manifest.metadata.name,
      summarize(manifest),
      manifest.spec['duration'],
      ...rest.lines,
    ]),
    ...harm.besides,
    ...harm.grave,
    ...harm.warnings,
  ].join('\n');
}

const isShown = (text: string, { path: at, values }: Field, value: unknown, without: string): boolean => {
  const [last] = at.filter((key) => typeof key === 'string').slice(-1);
  if (typeof value === 'boolean') return text.includes(`${String(last)}: ${value}`) || text !== without;
  if (values.length > 1) return text.includes(String(value)) || text !== without; // in words of its own
  return text.includes(String(value));
};

const object = (kind: string, spec: unknown): ChaosObject => ({
  apiVersion: 'chaos-mesh.org/v1alpha1',
  kind,
  metadata: { name: 'one', namespace: 'oceanbase' },
  spec: spec as Record<string, unknown>,
});

/** The fields of which a person reads nothing when they are set in this object. */
function unsaid(
  kind: string,
  fields: readonly Field[],
  base: (field: Field) => unknown,
  more = JUDGED_OF_STARTERS,
): string[] {
  return fields.flatMap((field) => {
    const { name, path: at, values } = field;
    if (isJudged(name, more)) return [];
    const start = base(field);
    const without = shown(object(kind, start));
    const told = values.some((value) => isShown(shown(object(kind, set(start, at, value))), field, value, without));
    return told ? [] : [name];
  });
}

const start = (kind: string): object => (/^(AWS|Azure|GCP|PhysicalMachine)/.test(kind) ? {} : ONE);

describe('every field that an object of a kind may have is read in the question', () => {
  const cases = INJECTABLE_KINDS.flatMap((kind) => {
    const actions = schemas.get(kind)?.properties?.['action']?.enum ?? [''];
    return actions.map((action) => ({ kind, action }));
  });
  it.each(cases)('$kind $action', ({ kind, action }) => {
    const fields = fieldsOf(schemas.get(kind) ?? {});
    expect(fields.length).toBeGreaterThan(5);
    expect(unsaid(kind, fields, () => ({ ...start(kind), ...(action === '' ? {} : { action }) }), [])).toEqual([]);
  });

  it('and where the machines are chosen by it, as well as where pods are', () => {
    const machine = object('PhysicalMachineChaos', {
      action: 'process',
      selector: { physicalMachines: { lab: [WORD] } },
    });
    expect(shown(machine)).toContain(WORD);
    const later = object('Schedule', {
      type: 'PodChaos',
      schedule: '@daily',
      podChaos: { mode: 'one', action: 'pod-kill', selector: { labelSelectors: { app: WORD } } },
    });
    expect(shown(later)).toContain(WORD);
  });
});

const kindByKey = new Map(
  ['Schedule', 'Task', 'StatusCheck', ...INJECTABLE_KINDS].map((kind) => [embedKey(kind), kind]),
);

describe('every field that is held for later is read as well', () => {
  const template = (key: string, inner: string | undefined): object => {
    const templateType = kindByKey.get(key) ?? 'Suspend';
    const spec = templateType === 'Schedule' ? held(inner) : start(templateType);
    return { name: 'step', templateType, deadline: '1m', ...(kindByKey.has(key) ? { [key]: spec } : {}) };
  };
  const held = (key: string | undefined): object => {
    const kind = kindByKey.get(key ?? '') ?? 'StressChaos';
    return { type: kind, schedule: '@daily', [embedKey(kind)]: start(kind) };
  };
  const keyAt = ({ path: at }: Field, place: number): string => String(at[place] ?? '');
  const workflow = (field: Field, place: number): object => ({
    entry: 'step',
    templates: [template(keyAt(field, place), keyAt(field, place + 1))],
  });

  it('in a workflow', () => {
    const fields = fieldsOf(schemas.get('Workflow') ?? {});
    expect(fields.length).toBeGreaterThan(1000);
    expect(unsaid('Workflow', fields, (field) => workflow(field, 2))).toEqual([]);
  });

  it('in a schedule, and in a workflow in it', () => {
    const fields = fieldsOf(schemas.get('Schedule') ?? {});
    expect(fields.length).toBeGreaterThan(1000);
    const base = (field: Field): object =>
      keyAt(field, 0) === 'workflow'
        ? { type: 'Workflow', schedule: '@daily', workflow: workflow(field, 3) }
        : held(keyAt(field, 0));
    expect(unsaid('Schedule', fields, base)).toEqual([]);
  });
});

it('no other kind is applied from here', () => {
  const written = [...schemas.keys()].filter((kind) => !(INJECTABLE_KINDS as readonly string[]).includes(kind));
  expect(written.filter(isStarter)).toEqual(['Schedule', 'Workflow']);
});
