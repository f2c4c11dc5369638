import type { ChaosObject } from '../../core/experiments/experiment';
import { CONTINUES_ANNOTATION, CREATED_BY_ANNOTATION, MANAGED_BY_LABEL } from '../../core/experiments/labels';
import { PAUSE_ANNOTATION } from '../../core/experiments/parse';
import { asWritten } from '../../core/impact/hits';
import { writeYaml } from '../yaml/write';

const SERVER_ANNOTATIONS = [
  'kubectl.kubernetes.io/last-applied-configuration',
  CONTINUES_ANNOTATION,
  CREATED_BY_ANNOTATION,
  PAUSE_ANNOTATION,
];

/** An object as people write it: no status, nothing that the server or the editor adds. */
export function writeObject(object: ChaosObject): string {
  const { apiVersion, kind, metadata, spec } = asWritten(object);
  const { name, generateName, namespace } = metadata;
  const labels = without(metadata.labels, [MANAGED_BY_LABEL]);
  const annotations = without(metadata.annotations, SERVER_ANNOTATIONS);
  const own = {
    ...(name === undefined ? { generateName } : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
  };
  return writeYaml({ apiVersion, kind, metadata: own, spec });
}

function without(
  given: Record<string, string> | undefined,
  keys: readonly string[],
): Record<string, string> | undefined {
  const kept = Object.entries(given ?? {}).filter(([key]) => !keys.includes(key));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
