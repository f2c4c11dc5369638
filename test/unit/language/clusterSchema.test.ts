import { describe, expect, it } from 'vitest';
import { checkText } from '../../../src/adapters/language/check';
import { readKindSchemas } from '../../../src/adapters/kubernetes/experiments/kindSchemas';
import { AppError } from '../../../src/core/base/errors';
import { discoveryDocument } from '../../../src/demo/kubernetes/discovery';
import { makeManifests, type MadeManifest } from '../../manifests';
import { context, language } from './support';

type Loose = any; // eslint-disable-line @typescript-eslint/no-explicit-any
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const schemasOf = (document: unknown): ReturnType<typeof readKindSchemas> =>
  readKindSchemas(
    { json: () => Promise.resolve(document) },
    silent as unknown as Parameters<typeof readKindSchemas>[1],
  );

/** The document of a cluster whose Chaos Mesh knows partitions that reject (api module of September 2026). */
function newer(): Loose {
  const document = structuredClone(discoveryDocument('/openapi/v3/apis/chaos-mesh.org/v1alpha1')) as Loose;
  const { spec } = document.components.schemas['io.demo.NetworkChaos'].properties;
  spec.properties.partitionBehavior = { type: 'string', enum: ['drop', 'reject'] };
  return document;
}

const yaml = (behavior: string): string => `apiVersion: chaos-mesh.org/v1alpha1
kind: NetworkChaos
metadata: {name: cut, namespace: oceanbase}
spec:
  action: partition
  mode: one
  selector: {labelSelectors: {ref-obcluster: x}}
  direction: to
  duration: 1m
  target: {mode: all, selector: {labelSelectors: {ref-obcluster: z}}}
  partitionBehavior: ${behavior}
`;
const errors = (text: string, schemas: Loose): string[] =>
  checkText(text, { ...context, schemas })
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);

const wrongIn = (object: MadeManifest['object'], schemas: Loose): string[] =>
  checkText(JSON.stringify(object), { ...context, schemas })
    .findings.filter(({ severity }) => severity !== 'information')
    .map(({ code, message }) => `${code}: ${message}`);

/** A schema with the fields only that a value has. */
function withOnly(schema: Loose, value: Loose): Loose {
  if (Array.isArray(value)) return { ...schema, items: withOnly(schema.items, Object.assign({}, ...value)) };
  if (!schema?.properties || typeof value !== 'object' || value === null) return schema;
  const kept = Object.entries(schema.properties as Loose).filter(([key]) => Object.hasOwn(value as object, key));
  const { required, ...rest } = schema;
  return {
    ...rest,
    ...(required ? { required: required.filter((key: string) => Object.hasOwn(value as object, key)) } : {}),
    properties: Object.fromEntries(kept.map(([key, inner]) => [key, withOnly(inner, value[key])])),
  };
}

describe('the schemas of the connected cluster', () => {
  it('go before the one that is shipped: what they know is no error, and what they refuse is one', async () => {
    const schemas = await schemasOf(newer());
    expect(errors(yaml('reject'), undefined)).toEqual(['unknown']);
    expect(errors(yaml('reject'), schemas)).toEqual([]);
    expect(errors(yaml('never'), schemas)).toEqual(['enum']);
    expect(errors(yaml('reject').replace('mode: one', 'mode: some'), schemas)).toEqual(['enum']);
  });

  it('say the same as the shipped one where the cluster has the same version', async () => {
    const schemas = await schemasOf(discoveryDocument('/openapi/v3/apis/chaos-mesh.org/v1alpha1'));
    expect(Object.keys(schemas ?? {})).toContain('Workflow');
    expect(errors(yaml('reject'), schemas)).toEqual(['unknown']);
    expect(errors(yaml('reject').replace(/ +partition.*\n$/, ''), schemas)).toEqual([]);
  });

  it('are not needed: without them the shipped one counts', async () => {
    const forbidden = { json: () => Promise.reject(new AppError('forbidden', 'no')) };
    expect(
      await readKindSchemas(forbidden, silent as unknown as Parameters<typeof readKindSchemas>[1]),
    ).toBeUndefined();
    for (const odd of [undefined, [], {}, { components: { schemas: { a: { properties: { spec: 1 } } } } }])
      expect(await schemasOf(odd)).toBeUndefined();
  });

  it('of an older version need none of the fields that it does not know, though ours writes their zeros', async () => {
    const schemas = await schemasOf(discoveryDocument('/openapi/v3/apis/chaos-mesh.org/v1alpha1'));
    const made = makeManifests(500, 3).filter(({ object }) => wrongIn(object, undefined).length === 0);
    expect(made.length).toBeGreaterThan(150);
    const wrong = made.flatMap(({ object }) => {
      const spec = withOnly(schemas?.[object.kind], object.spec);
      return wrongIn(object, { [object.kind]: spec }).map((finding) => ({ object, finding }));
    });
    expect(wrong).toEqual([]);
  });

  it('have kinds, types and values that the known webhooks do not have', async () => {
    const { NetworkChaos, AWSChaos, Schedule, Workflow } = (await schemasOf(
      discoveryDocument('/openapi/v3/apis/chaos-mesh.org/v1alpha1'),
    )) as Loose;
    const aws = structuredClone(AWSChaos);
    aws.properties.action.enum.push('ec2-hibernate');
    const schedule = structuredClone(Schedule);
    schedule.properties.riverChaos = NetworkChaos;
    const schemas = { AWSChaos: aws, Schedule: schedule, Workflow, RiverChaos: NetworkChaos };
    const spec = 'spec: {awsRegion: us-east-1, ec2Instance: i-1, action: ec2-hibernate, duration: 1m}\n';
    const head = (kind: string): string =>
      `apiVersion: chaos-mesh.org/v1alpha1\nkind: ${kind}\nmetadata: {name: a, namespace: b}\n`;
    expect(errors(head('AWSChaos') + spec, undefined)).not.toEqual([]);
    expect(errors(head('AWSChaos') + spec, schemas)).toEqual([]);
    expect(errors(head('AWSChaos') + spec.replace('ec2-hibernate', 'ec2-melt'), schemas)).not.toEqual([]);
    const river = 'spec: {mode: one, selector: {labelSelectors: {a: b}}, action: partition, duration: 1m}\n';
    expect(errors(head('RiverChaos') + river, undefined)).not.toEqual([]);
    expect(errors(head('RiverChaos') + river, schemas)).toEqual([]);
    const often = `spec: {schedule: '@hourly', type: RiverChaos, historyLimit: 1, riverChaos: {mode: one, selector: {}, action: partition}}\n`;
    expect(errors(head('Schedule') + often, undefined)).not.toEqual([]);
    expect(errors(head('Schedule') + often, schemas)).toEqual([]);
    expect(errors(head('Schedule') + often.replace('type: RiverChaos', 'type: LakeChaos'), schemas)).not.toEqual([]);
    const flow = `spec: {entry: a, templates: [{name: a, templateType: RiverChaos, deadline: 1m}]}\n`;
    expect(errors(head('Workflow') + flow, undefined)).not.toEqual([]);
    expect(errors(head('Workflow') + flow, schemas)).toEqual([]);
  });

  it('are those that completion, hover and the readings of values go by', async () => {
    const document = newer();
    const { spec } = document.components.schemas['io.demo.NetworkChaos'].properties;
    spec.properties.partitionBehavior.description = 'What becomes of a packet.';
    spec.properties.strictly = { type: 'boolean' };
    const schemas = await schemasOf(document);
    const text = yaml('|');
    const at = text.indexOf('|');
    const bare = text.replace(/partitionBehavior.*/, '');
    const offered = (of: string, offset: number, cluster: Loose): string[] =>
      language.complete(of, offset, cluster).map(({ label }) => label);
    expect(offered(bare, bare.length - 1, undefined)).not.toContain('partitionBehavior');
    expect(offered(bare, bare.length - 1, schemas)).toContain('partitionBehavior');
    expect(offered(text.replace('|', ''), at, undefined)).toEqual([]);
    expect(offered(text.replace('|', ''), at, schemas)).toEqual(['drop', 'reject']);
    expect(language.explain(text, text.indexOf('partitionBehavior'), undefined)).toBeUndefined();
    expect(language.explain(text, text.indexOf('partitionBehavior'), schemas)?.text).toBe(
      'What becomes of a packet.\n\n`drop` · `reject`',
    );
    // What both know is explained in our own words.
    expect(language.explain(text, text.indexOf('direction'), schemas)).toEqual(
      language.explain(text, text.indexOf('direction'), undefined),
    );
    expect(offered('kind: \n', 6, { ...schemas, RiverChaos: {} })).toContain('RiverChaos');
    const readings = (cluster: Loose): string[] =>
      checkText(text.replace('partitionBehavior: |', 'strictly: yes'), { ...context, schemas: cluster })
        .findings.map(({ code }) => code)
        .filter((code) => code === 'reading' || code === 'unknown');
    expect(readings(undefined)).toEqual(['unknown']);
    expect(readings(schemas)).toEqual([]);
  });
});
