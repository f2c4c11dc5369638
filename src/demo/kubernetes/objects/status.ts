/** An error that the API server answers with: a Kubernetes Status. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string | undefined;
  readonly details: Record<string, unknown> | undefined;
  readonly metadata: Record<string, unknown>;

  /** `metadata` is a list's: where to go on. */
  constructor(
    code: number,
    reason: string | undefined,
    message: string,
    details?: Record<string, unknown>,
    metadata: Record<string, unknown> = {},
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.metadata = metadata;
  }

  toStatus(): Record<string, unknown> {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.metadata,
      status: 'Failure',
      message: this.message,
      ...(this.reason ? { reason: this.reason } : {}),
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }
}

/** An answer in plain text, of what answers before the API does. */
export class PlainError extends Error {
  readonly code: number;

  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

/** 404 for an object that is not there. */
export const notFound = (resource: string, name: string): StatusError =>
  new StatusError(404, 'NotFound', `${resource} ${JSON.stringify(name)} not found`, { name, kind: resource });
/** 404 for a path that no resource is served at. */
export const noSuchPath = (): StatusError =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource');
/** `going`: the one that is there is being deleted. */
export const alreadyExists = (resource: string, name: string, going = false): StatusError =>
  new StatusError(
    409,
    'AlreadyExists',
    `${going ? 'object is being deleted: ' : ''}${resource} ${JSON.stringify(name)} already exists`,
    { name, kind: resource },
  );
/** 409 for an update of a version that is no longer the latest. */
export const conflict = (resource: string, name: string): StatusError =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${resource} ${JSON.stringify(name)}: the object has been modified; please apply your changes to the latest version and try again`,
    { name, kind: resource },
  );
/** 400 for what cannot be read. */
export const badRequest = (message: string): StatusError => new StatusError(400, 'BadRequest', message);
/** 415 for a body of another type than the accepted ones. */
export const unsupportedMediaType = (...accepted: string[]): StatusError =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
/** 410 for a version older than the oldest that is kept. */
export const gone = (version: number, oldest: number): StatusError =>
  new StatusError(410, 'Expired', `too old resource version: ${version} (${oldest})`);
/** 504 for a version that this server has not reached. */
export const tooLarge = (version: number, current: number): StatusError =>
  new StatusError(504, 'Timeout', `Too large resource version: ${version}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });

/** 422 with the fields that were wrong. */
export function invalid(
  { kind, group }: { kind: string; group: string },
  name: string,
  causes: { field: string; message: string; reason: string }[],
): StatusError {
  const list = causes.map(({ field, message }) => `${field}: ${message}`);
  const text = list.length === 1 ? (list[0] as string) : `[${list.join(', ')}]`;
  const title = group ? `${kind}.${group}` : kind;
  const details = { name, ...(group ? { group } : {}), kind, causes };
  return new StatusError(422, 'Invalid', `${title} ${JSON.stringify(name)} is invalid: ${text}`, details);
}
