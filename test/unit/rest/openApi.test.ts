import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { apiSchemas } from '../../../scripts/apiSchemas.mjs';
import { openApi } from '../../../src/adapters/rest/openApi';
import { ANOMALY_TYPES } from '../../../src/core/faults/catalogue';

const root = path.join(__dirname, '../../..');
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

describe('the description of the REST API', () => {
  it('has the shapes of the extension’s API as types/index.d.ts has them (npm run schemas)', () => {
    expect(read('src/adapters/rest/apiSchemas.json')).toEqual(apiSchemas());
  }, 60_000);

  it('offers the anomalies of the catalogue', () => {
    const { schemas } = openApi('1.0.0', 'http://127.0.0.1:1')['components'] as {
      schemas: Record<string, { properties: Record<string, { enum?: string[] }>; additionalProperties?: boolean }>;
    };
    expect(schemas['StartAnomaly']?.properties['type']?.enum).toEqual(ANOMALY_TYPES);
    expect(schemas['StartAnomaly']?.additionalProperties).toBe(false);
    expect(Object.keys(schemas['Diagnosis']?.properties ?? {})).toEqual(
      expect.arrayContaining(['state', 'ranking', 'unknownNodes', 'graph']),
    );
  });

  it('is what an agent’s tool takes too', () => {
    const manifest = read('package.json') as {
      contributes: { languageModelTools: { name: string; inputSchema: { properties: object } }[] };
    };
    const tool = manifest.contributes.languageModelTools.find(({ name }) => name === 'distdiag_inject_anomaly');
    expect(Object.keys(tool?.inputSchema.properties ?? {}).sort()).toEqual(
      Object.keys(apiSchemas().StartAnomaly.properties).sort(),
    );
  });
});
