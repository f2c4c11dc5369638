import { isDeepStrictEqual } from 'node:util';
import { webhookProblems } from '../../core/chaosRules/webhookRules';
import type { KubeObject } from '../kubernetes/objects';
import { StatusError } from '../kubernetes/status';
import { hasWebhooks } from './mutation';
import { orchestrationProblems } from './orchestrationWebhook';
import { refusedValues } from './webhookExtras';

/** Chaos Mesh's validating webhooks: throws the refusal as the API server passes it on. */
export function validateChaos(kind: string, object: KubeObject, old: KubeObject | undefined): void {
  const orchestrates = kind === 'Workflow' || kind === 'Schedule';
  if (!hasWebhooks(kind) && !orchestrates) return;
  const spec = object.spec ?? {};
  const refuse = (message: string): never => {
    const hook = `v${kind.toLowerCase()}.kb.io`;
    throw new StatusError(403, 'Forbidden', `admission webhook ${JSON.stringify(hook)} denied the request: ${message}`);
  };
  if (old && !orchestrates && !isDeepStrictEqual(old.spec, spec)) refuse('Cannot update chaos spec');
  const problems = orchestrates ? orchestrationProblems(kind, object, ofKind) : ofKind(kind, spec);
  if (problems.length > 0) refuse(problems.length > 1 ? `[${problems.join(', ')}]` : (problems[0] as string));
}

const ofKind = (kind: string, spec: Record<string, unknown>): string[] =>
  [...webhookProblems(kind, spec), ...refusedValues(kind, spec)].map(
    ({ field, value, why }) => `${field}: Invalid value: ${JSON.stringify(value ?? null)}: ${why}`,
  );
