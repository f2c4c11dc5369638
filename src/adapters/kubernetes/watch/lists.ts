import { msg } from '../../../core/base/text';
import { about } from '../connection/errors';
import { AppError } from '../../../core/base/errors';
import { isRecord, recordsOf, textOf } from '../../../core/base/unknown';
import type { KubeClient } from '../connection/client';

/** All pages of a list, and the version to watch from. */
export interface ListResult {
  items: Readonly<Record<string, unknown>>[];
  resourceVersion: string;
}

const PAGE = 500;
/** More than any cluster has of one kind: a server that sends more is faulty. */
const MOST_OBJECTS = 100_000;
const MOST_CHARACTERS = 128 * 1024 * 1024;
const LONGEST_MS = 60_000;

/** What a list may be asked to hold. */
export interface ListOptions {
  signal?: AbortSignal | undefined;
  labelSelector?: string;
  fieldSelector?: string;
  /** After how long no further page is asked for, milliseconds; a minute by default. */
  longestMs?: number;
}

/** Throws `badAnswer` where a watch has told of more objects than there can be. */
export function roomFor(items: ReadonlyMap<string, unknown>, kind: string): void {
  if (items.size >= MOST_OBJECTS)
    throw new AppError('badAnswer', about(`watch ${kind}`, 'the server sent more than 100,000 objects.'));
}

/** After this many restarts a list is requested without paging. */
const PAGED_TRIES = 2;

/** Lists a collection page by page. Items of a list carry no kind: the caller knows it. */
export async function listAll(
  client: KubeClient,
  path: string,
  what: string,
  options: ListOptions = {},
): Promise<ListResult> {
  const until = performance.now() + (options.longestMs ?? LONGEST_MS);
  for (let attempt = 0; ; attempt++) {
    try {
      return await listPages(client, path, what, options, until, attempt < PAGED_TRIES ? PAGE : undefined);
    } catch (thrown) {
      // The next page is as of a version that the server has forgotten meanwhile: what came before it is worth nothing.
      if (!(thrown instanceof AppError) || thrown.code !== 'gone' || attempt >= PAGED_TRIES) throw thrown;
    }
  }
}

async function listPages(
  client: KubeClient,
  path: string,
  what: string,
  options: ListOptions,
  until: number,
  limit: number | undefined,
): Promise<ListResult> {
  const items: Readonly<Record<string, unknown>>[] = [];
  const { labelSelector, fieldSelector, signal } = options;
  const asked = new Set<string>();
  let characters = 0;
  let next: string | undefined;
  for (;;) {
    const answer = await client.json({
      path,
      what,
      signal,
      query: { limit, continue: next, labelSelector, fieldSelector },
      heardLength: (length) => (characters += length),
    });
    const metadata = isRecord(answer) && isRecord(answer['metadata']) ? answer['metadata'] : undefined;
    if (!isRecord(answer) || !metadata || !(Array.isArray(answer['items']) || answer['items'] === null)) {
      throw new AppError('badAnswer', msg`${what}: the server's response is not a list.`);
    }
    // Not spread: a list in one piece may have more items than a call may have arguments.
    for (const item of recordsOf(answer['items'])) items.push(item);
    const token = textOf(metadata['continue']);
    if (token === '') return { items, resourceVersion: textOf(metadata['resourceVersion']) };
    if (asked.has(token)) throw new AppError('badAnswer', msg`${what}: the server repeats the same page.`);
    const endless = items.length >= MOST_OBJECTS || asked.size >= MOST_OBJECTS / PAGE || characters >= MOST_CHARACTERS;
    if (endless) throw new AppError('badAnswer', msg`${what}: the server's list does not end.`);
    if (performance.now() >= until)
      throw new AppError('timeout', msg`${what}: the server took too long for all pages of its list.`);
    asked.add(token);
    next = token;
  }
}
