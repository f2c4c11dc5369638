import type { IncomingMessage } from 'node:http';
import { readBody } from '../http';
import type { KubeObject } from './objects';
import { apiVersion, type Resource } from './resources';
import { badRequest, StatusError, unsupportedMediaType } from './status';

/** The body as JSON, `{}` when it is empty; 415 for another content type where `jsonOnly`, 413 and 400 for what cannot be read. */
export async function jsonBody(request: IncomingMessage, jsonOnly = false): Promise<Record<string, unknown>> {
  const type = request.headers['content-type'] ?? 'application/json';
  if (jsonOnly && !type.startsWith('application/json')) throw unsupportedMediaType('application/json');
  const text = await readBody(request).catch((error: unknown) => {
    if (error instanceof RangeError) throw new StatusError(413, 'RequestEntityTooLarge', 'Request entity too large');
    throw error;
  });
  try {
    const parsed: unknown = JSON.parse(text === '' ? '{}' : text);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // The answer below says it.
  }
  throw badRequest('the object provided is unrecognized (must be of type Object)');
}

/** `Warning` headers, as the API server writes them. */
export const warningHeader = (warnings: readonly string[]): Record<string, string> =>
  warnings.length > 0 ? { warning: warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(', ') } : {};

/** A query parameter that is a whole number; 400 when it is not. */
export function wholeNumber(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (!text) return otherwise;
  if (!/^\d+$/.test(text)) throw badRequest(`invalid value for ${name}: ${JSON.stringify(text)}`);
  return Number(text);
}

/** The object with the namespace and name of its path; refuses one that says otherwise. */
export function ofPath(
  resource: Resource,
  namespace: string | undefined,
  name: string | undefined,
  body: Record<string, unknown>,
): KubeObject {
  const object = body as KubeObject;
  const metadata =
    typeof object.metadata === 'object' && object.metadata !== null ? object.metadata : ({} as KubeObject['metadata']);
  const wrong = (what: string): StatusError =>
    badRequest(`the ${what} of the provided object does not match the ${what} sent on the request`);
  if (object.kind && object.kind !== resource.kind)
    throw badRequest(
      `the object provided is unrecognized: kind ${JSON.stringify(object.kind)} does not match ${resource.kind}`,
    );
  if (object.apiVersion && object.apiVersion !== apiVersion(resource)) throw wrong('API version');
  if (namespace !== undefined && metadata.namespace && metadata.namespace !== namespace) throw wrong('namespace');
  if (name !== undefined && metadata.name && metadata.name !== name) throw wrong('name');
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
    },
  };
}
