import { describe, expect, it } from 'vitest';
import { checkText } from '../../../src/adapters/language/check';
import { readKindSchemas } from '../../../src/adapters/kubernetes/kindSchemas';
import { AppError } from '../../../src/core/base/errors';
import { discoveryDocument } from '../../../src/demo/kubernetes/discovery';
import { context } from './support';

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
});
