import { isDeepStrictEqual } from 'node:util';
import { completed, webhookProblems } from '../../core/chaosYaml/webhookRules';
import { isReviewed } from '../../core/chaosYaml/webhooks/types';
import type { KubeObject } from '../kubernetes/objects/objects';
import { StatusError } from '../kubernetes/objects/status';

/** Kinds whose spec may be changed later. */
const CHANGEABLE: readonly string[] = ['Schedule', 'Workflow'];

/** Chaos Mesh's mutating webhooks: the object with what is missing of it, as its Go structs hold it. */
export function completeChaos(kind: string, object: KubeObject): KubeObject {
  if (!isReviewed(kind)) return object;
  const spec = completed(kind, object.spec ?? {}, object.metadata.namespace);
  const status = object.status ?? (kind.endsWith('Chaos') ? { experiment: {} } : undefined);
  return { ...object, spec, ...(status ? { status } : {}) };
}

/** Chaos Mesh's validating webhooks: throws the refusal as the API server passes it on. */
export function validateChaos(kind: string, object: KubeObject, old: KubeObject | undefined): void {
  if (!isReviewed(kind)) return;
  const spec = object.spec ?? {};
  const refuse = (message: string, letter = 'v'): never => {
    const hook = `${letter}${kind.toLowerCase()}.kb.io`;
    throw new StatusError(403, 'Forbidden', `admission webhook ${JSON.stringify(hook)} denied the request: ${message}`);
  };
  if (old && !CHANGEABLE.includes(kind) && !isDeepStrictEqual(old.spec, spec)) refuse('Cannot update chaos spec');
  const found = webhookProblems(kind, spec);
  const unread = found.find(({ rule }) => rule === 'range');
  if (unread) refuse(unread.why, 'm');
  const problems = found.map(({ field, value, why }) => {
    if (field === '') return why;
    return value === undefined && field.startsWith('spec.') && why.endsWith('is required')
      ? `${field}: Required value: ${why}`
      : `${field}: Invalid value: ${JSON.stringify(value ?? null)}: ${why}`;
  });
  // The same is said once, as Kubernetes' aggregates do.
  const said = [...new Set(problems)];
  if (said.length > 0) refuse(said.length > 1 ? `[${said.join(', ')}]` : (said[0] as string));
}
