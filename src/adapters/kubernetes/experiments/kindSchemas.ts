import type { KindSchemas } from '../../../core/chaosYaml/findings';
import { toAppError } from '../../../core/base/errors';
import type { Log } from '../../../core/base/log';
import { isRecord, recordsOf, textOf } from '../../../core/base/unknown';
import type { KubeClient } from '../connection/client';

const PATH = '/openapi/v3/apis/chaos-mesh.org/v1alpha1';

/**
 * The schemas of the specs of Chaos Mesh's kinds, from the OpenAPI document that every authenticated user may read.
 * Undefined where it cannot be had.
 */
export async function readKindSchemas(
  client: Pick<KubeClient, 'json'>,
  log: Log,
  signal?: AbortSignal,
): Promise<KindSchemas | undefined> {
  try {
    const what = "read the schemas of Chaos Mesh's kinds";
    return schemasOf(await client.json({ path: PATH, what, ...(signal ? { signal } : {}) }));
  } catch (thrown) {
    log.debug(`the cluster's schemas of Chaos Mesh are not known: ${toAppError(thrown).message}`);
    return undefined;
  }
}

/** Schemas of specs by kind; undefined where the document holds none. */
function schemasOf(document: unknown): KindSchemas | undefined {
  const components = isRecord(document) ? document['components'] : undefined;
  const schemas = isRecord(components) && isRecord(components['schemas']) ? Object.values(components['schemas']) : [];
  const found = schemas.flatMap((schema): [string, unknown][] => {
    if (!isRecord(schema) || !isRecord(schema['properties'])) return [];
    const { spec } = schema['properties'];
    const kinds = recordsOf(schema['x-kubernetes-group-version-kind']).map(({ kind }) => textOf(kind));
    // Without properties it says nothing of its fields.
    return isRecord(spec) && isRecord(spec['properties']) ? kinds.map((kind) => [kind, spec]) : [];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
