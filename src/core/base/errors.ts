import type { Text } from './text';

/** What kind of thing went wrong; the user interface and the tests tell errors apart by it. */
export type ErrorCode =
  | 'cancelled' // the user stopped waiting; never shown
  | 'notConfigured' // a setting, a kubeconfig or a context is missing
  | 'unreachable' // no connection, DNS, TLS
  | 'unauthorized' // 401
  | 'forbidden' // 403
  | 'notFound' // 404
  | 'conflict' // 409
  | 'gone' // 410
  | 'rateLimited' // 429
  | 'invalid' // the input was refused, by us or by a schema or webhook (400, 422)
  | 'notInstalled' // the cluster has no Chaos Mesh, or not this kind
  | 'timeout'
  | 'badAnswer' // HTML instead of JSON, half an answer, another shape
  | 'server' // 5xx
  | 'injectionFailed' // Chaos Mesh could not inject
  | 'stuck' // a deletion that does not end
  | 'modelInvalid'
  | 'internal';

/**
 * The one error type that adapters, core and views pass on.
 * `message` says what happened in one sentence, `hint` what to do next.
 * Neither ever holds a token, a password or a kubeconfig's content.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  /** What `message` says, for the editor's language. */
  readonly text: Text;
  readonly hint: Text | undefined;
  /** How long the server asks to wait before the next try, milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The address of the server that was asked for something to read, and not reached: nothing else came of it. */
  readonly unreached: string | undefined;

  /** An answer or a request is too large: less at once may pass. */
  readonly tooLarge: boolean;

  constructor(
    code: ErrorCode,
    message: Text,
    options: { hint?: Text; cause?: unknown; retryAfterMs?: number; tooLarge?: boolean; unreached?: string } = {},
  ) {
    super(String(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.text = message;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
    this.tooLarge = options.tooLarge ?? false;
    this.unreached = options.unreached;
  }
}

/** Any thrown value as an AppError; one that already is passes through. */
export function toAppError(thrown: unknown, fallback: ErrorCode = 'internal'): AppError {
  if (thrown instanceof AppError) return thrown;
  if (isAbort(thrown)) return new AppError('cancelled', 'Cancelled.', { cause: thrown });
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError(fallback, message, { cause: thrown });
}

/** True for the error that an aborted fetch, axios request or AbortSignal throws. */
export function isAbort(thrown: unknown): boolean {
  if (thrown instanceof AppError) return thrown.code === 'cancelled';
  if (!(thrown instanceof Error)) return false;
  return thrown.name === 'AbortError' || thrown.name === 'CanceledError';
}
