import { AppError } from '../../core/errors';
import { isRecord, recordsOf, textOf } from '../../core/unknown';
import type { KubeClient } from './client';

/** All pages of a list, and the version to watch from. */
export interface ListResult {
  items: Readonly<Record<string, unknown>>[];
  resourceVersion: string;
}

const PAGE = 500;

/** What a list may be asked to hold. */
export interface ListOptions {
  signal?: AbortSignal | undefined;
  labelSelector?: string;
  fieldSelector?: string;
}

/** Begun anew so often, a list is asked for in one piece. */
const PAGED_TRIES = 2;

/** Lists a collection page by page. Items of a list carry no kind: the caller knows it. */
export async function listAll(
  client: KubeClient,
  path: string,
  what: string,
  options: ListOptions = {},
): Promise<ListResult> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await listPages(client, path, what, options, attempt < PAGED_TRIES ? PAGE : undefined);
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
  limit: number | undefined,
): Promise<ListResult> {
  const items: Readonly<Record<string, unknown>>[] = [];
  let next: string | undefined;
  for (;;) {
    const { labelSelector, fieldSelector } = options;
    const answer = await client.json({
      path,
      what,
      signal: options.signal,
      query: { limit, continue: next, labelSelector, fieldSelector },
    });
    const metadata = isRecord(answer) && isRecord(answer['metadata']) ? answer['metadata'] : undefined;
    if (!isRecord(answer) || !metadata || !(Array.isArray(answer['items']) || answer['items'] === null)) {
      throw new AppError('badAnswer', `${what}: the server's answer is no list.`);
    }
    // Not spread: a list in one piece may have more items than a call may have arguments.
    for (const item of recordsOf(answer['items'])) items.push(item);
    const token = textOf(metadata['continue']);
    if (token === '') return { items, resourceVersion: textOf(metadata['resourceVersion']) };
    if (token === next) throw new AppError('badAnswer', `${what}: the server repeats the same page.`);
    next = token;
  }
}
