// npm run schemas: writes src/adapters/rest/apiSchemas.json, the shapes of the REST API, from the types and comments of types/index.d.ts.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

type Json = Record<string, unknown>;
type Schema = Json & { properties: Record<string, Json> };

/** As the API's description calls them: by what is answered, each with its type. */
const TYPES = {
  StartAnomaly: 'StartAnomaly',
  StartedAnomaly: 'StartedAnomaly',
  Stopped: 'StoppedAnomalies',
  RanksRow: 'RanksRow',
  MetricsRow: 'MetricsRow',
  Diagnosis: 'DiagnosisAnswer',
  Experiment: 'ListedExperiment',
};

/** Every schema by its name. Only answers may grow; a request is refused for what is not known in it. */
export function apiSchemas(): { StartAnomaly: Schema } & Record<string, Schema> {
  const generator = createGenerator({
    path: path.join(root, 'types/index.d.ts'),
    tsconfig: path.join(root, 'tsconfig.json'),
    skipTypeCheck: true,
    topRef: false,
    expose: 'none',
    additionalProperties: true,
    functions: 'hide',
  });
  const schemaOf = (type: string): Schema => {
    const schema = asJson(generator.createSchema(type)) as Schema;
    delete schema['$schema']; // the whole document says which version it is
    delete schema['definitions'];
    return schema;
  };
  const { StartAnomaly, ...answers } = TYPES;
  const request = schemaOf(StartAnomaly);
  delete request.properties['signal']; // a program that waits no longer closes its connection
  return {
    ...Object.fromEntries(Object.entries(answers).map(([name, type]) => [name, schemaOf(type)])),
    StartAnomaly: { ...request, additionalProperties: false },
  };
}

/** As it is sent: typed arrays are lists. */
function asJson(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(asJson);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { properties } = schema as { properties?: Json };
  if (properties?.['BYTES_PER_ELEMENT']) return { type: 'array', items: { type: 'number' } };
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, asJson(value)]));
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(
    path.join(root, 'src/adapters/rest/apiSchemas.json'),
    `${JSON.stringify(apiSchemas(), undefined, 2)}\n`,
  );
