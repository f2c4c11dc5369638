import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCHEMA_FILE, schemaText } from '../../../scripts/schemas.mjs';
import { admit } from '../../../src/demo/kubernetes/requests/admission';
import type { KubeObject } from '../../../src/demo/kubernetes/objects/objects';
import { RESOURCES } from '../../../src/demo/kubernetes/objects/resources';
import { context, language } from './support';

const root = path.join(__dirname, '../../..');
const shared = path.join(root, '../shared/chaos-mesh');

describe('the shipped schema', () => {
  it('is what npm run schemas writes', () => {
    expect(readFileSync(SCHEMA_FILE, 'utf8') === schemaText()).toBe(true);
  });

  it.skipIf(!existsSync(shared))('comes from the same CRDs as the reference', () => {
    const own = path.join(root, 'src/demo/chaos/crds');
    for (const file of readdirSync(shared))
      expect(JSON.parse(readFileSync(path.join(own, file), 'utf8')), file).toEqual(
        JSON.parse(readFileSync(path.join(shared, file), 'utf8')),
      );
  });

  it('is contributed for *.chaos.yaml and shipped', () => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      contributes: { yamlValidation: { fileMatch: string[]; url: string }[] };
    };
    const contribution = manifest.contributes.yamlValidation.find(({ fileMatch }) =>
      fileMatch.includes('*.chaos.yaml'),
    );
    expect(contribution?.fileMatch).toEqual(['*.chaos.yaml', '*.chaos.yml']);
    expect(path.join(root, contribution?.url ?? '')).toBe(SCHEMA_FILE);
  });
});

it('what every template says is what a server accepts', () => {
  for (const { id, text } of language.templates(context)) {
    const manifest = language.check(text, context).objects[0]?.manifest as unknown as KubeObject;
    const resource = RESOURCES.find(({ kind }) => kind === manifest.kind);
    expect(resource, manifest.kind).toBeDefined();
    if (resource) expect(() => admit(resource, manifest, 'Strict'), id).not.toThrow();
  }
});

it('writes an object without what the server and the editor add, and reads it again', () => {
  const text = language.write({
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'PodChaos',
    metadata: {
      name: 'a',
      namespace: 'b',
      uid: '1',
      resourceVersion: '2',
      creationTimestamp: '2026-01-01T00:00:00Z',
      finalizers: ['chaos-mesh/records'],
      labels: { 'app.kubernetes.io/managed-by': 'distdiag', team: 'x' },
      annotations: { 'distdiag.io/created-by': 'me' },
    },
    spec: { mode: 'one', selector: { labelSelectors: { a: 'b' } }, action: 'pod-failure', duration: '1m' },
    status: { experiment: {} },
  });
  expect(text).not.toMatch(/uid|finalizers|status|created-by|managed-by|creationTimestamp/);
  const { objects, findings } = language.check(text, context);
  expect(findings).toEqual([]);
  expect(objects[0]?.manifest?.metadata).toEqual({ name: 'a', namespace: 'b', labels: { team: 'x' } });
});
