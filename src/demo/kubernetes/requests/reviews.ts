import type { IncomingMessage, ServerResponse } from 'node:http';
import { respondJson } from '../../http';
import { objectBody } from './protobuf';

/** Answers whether one may do what the attributes say. */
export type Allowed = (attributes: Record<string, string>) => boolean;

/** The one user, by whatever token. */
export const USER = 'demo';

/** Reviews of the user who asks, by path: what `kubectl auth can-i`, `can-i --list` and `whoami` send. */
export const REVIEWS: readonly { group: string; plural: string; kind: string }[] = [
  { group: 'authentication.k8s.io', plural: 'selfsubjectreviews', kind: 'SelfSubjectReview' },
  { group: 'authorization.k8s.io', plural: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview' },
  { group: 'authorization.k8s.io', plural: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview' },
];

/** Serves a review; false when the path is none. */
export async function serveReview(
  pathname: string,
  allowed: Allowed | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const review = REVIEWS.find(({ group, plural }) => pathname === `/apis/${group}/v1/${plural}`);
  if (!review || request.method !== 'POST') return false;
  const body = await objectBody(request, review);
  const spec = (body['spec'] ?? {}) as { resourceAttributes?: Record<string, string> };
  const status = {
    SelfSubjectReview: { userInfo: { username: USER, groups: ['system:masters', 'system:authenticated'] } },
    SelfSubjectAccessReview: { allowed: allowed?.(spec.resourceAttributes ?? {}) ?? true },
    SelfSubjectRulesReview: {
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      incomplete: allowed !== undefined,
    },
  }[review.kind];
  const { kind, group } = review;
  respondJson(response, 201, { kind, apiVersion: `${group}/v1`, metadata: {}, spec, status });
  return true;
}
