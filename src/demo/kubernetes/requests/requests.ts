import type { IncomingMessage } from 'node:http';
import { readBytes } from '../../http';
import { isReviewed } from '../../../core/chaosYaml/webhooks/types';
import type { KubeObject } from '../objects/objects';
import { apiVersion, type Resource } from '../objects/resources';
import { badRequest, invalid, StatusError, unsupportedMediaType } from '../objects/status';

/** The body; 413 when it is too large. */
export function bodyBytes(request: IncomingMessage): Promise<Buffer> {
  return readBytes(request).catch((error: unknown) => {
    if (error instanceof RangeError) throw new StatusError(413, 'RequestEntityTooLarge', 'Request entity too large');
    throw error;
  });
}

/** The body as JSON, `{}` when it is empty; 415 for another content type where `jsonOnly`, 413 and 400 for what cannot be read. */
export async function jsonBody(
  request: IncomingMessage,
  jsonOnly = false,
  asList = false,
): Promise<Record<string, unknown>> {
  const type = request.headers['content-type'] ?? 'application/json';
  if (jsonOnly && !type.startsWith('application/json')) throw unsupportedMediaType('application/json');
  const text = (await bodyBytes(request)).toString('utf8');
  try {
    const parsed: unknown = JSON.parse(text === '' ? '{}' : text);
    const list = Array.isArray(parsed);
    if (typeof parsed === 'object' && parsed !== null && list === asList) return parsed as Record<string, unknown>;
  } catch {
    // The answer below says it.
  }
  throw badRequest(`the object provided is unrecognized (must be of type ${asList ? 'List' : 'Object'})`);
}

/** `Warning` headers, as the API server writes them. */
export const warningHeader = (warnings: readonly string[]): Record<string, string> =>
  warnings.length > 0 ? { warning: warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(', ') } : {};

/** What a write asks for in its query. A value that is not known is refused: a `dryRun` misspelt must not write. */
export function writeOptions(query: URLSearchParams, kind: string): { dryRun: boolean; fieldValidation: string } {
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
  const fieldValidation = query.get('fieldValidation') ?? '';
  const causes = wrongDryRun(dryRun);
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(fieldValidation))
    causes.push(unsupported('fieldValidation', fieldValidation, '"", "Ignore", "Strict", "Warn"'));
  mustHaveNone(causes, kind);
  return { dryRun: dryRun.length > 0, fieldValidation: fieldValidation || 'Warn' };
}

/** Refuses a `dryRun` other than `["All"]`. */
export function mustBeDryRun(given: unknown, kind: string): void {
  mustHaveNone(wrongDryRun(given), kind);
}

interface Cause {
  field: string;
  message: string;
  reason: string;
}

/** The whole list is quoted, not what is wrong in it. */
function wrongDryRun(given: unknown): Cause[] {
  const right = given === undefined || (Array.isArray(given) && (given as unknown[]).every((one) => one === 'All'));
  return right ? [] : [unsupported('dryRun', given, '"All"')];
}

function unsupported(field: string, value: unknown, known: string): Cause {
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${known}`;
  return { field, message, reason: 'FieldValueNotSupported' };
}

function mustHaveNone(causes: Cause[], kind: string): void {
  if (causes.length > 0) throw invalid({ kind, group: 'meta.k8s.io' }, '', causes);
}

/** A query parameter that is a whole number, 0 without it; 400 when it is not one. */
export function wholeNumber(query: URLSearchParams, name: string): number {
  const text = query.get(name);
  if (!text) return 0;
  if (!/^[-+]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
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
  // A custom resource is decoded by what it says of itself; a core kind by its path.
  if (resource.schema && !object.kind) throw badRequest(`Object 'Kind' is missing in '${shortened(body)}'`);
  if (resource.schema && !object.apiVersion) throw badRequest(`Object 'apiVersion' is missing in '${shortened(body)}'`);
  const metadata =
    typeof object.metadata === 'object' && object.metadata !== null ? object.metadata : ({} as KubeObject['metadata']);
  const wrong = (what: string): StatusError =>
    badRequest(`the ${what} of the provided object does not match the ${what} sent on the request`);
  // Chaos Mesh's mutating webhooks answer with their own kind, whatever came.
  const mended = resource.group === 'chaos-mesh.org' && isReviewed(resource.kind);
  if (object.kind && object.kind !== resource.kind && !mended)
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

const shortened = (body: unknown): string => JSON.stringify(body).slice(0, 200);
