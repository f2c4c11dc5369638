import { AppError } from '../../core/errors';
import { isRecord, recordsOf, textOf } from '../../core/unknown';
import type { KubeClient } from './client';

/** All pages of a list, and the version to watch from. */
export interface ListResult {
  items: Readonly<Record<string, unknown>>[];
  resourceVersion: string;
}

const PAGE = 500;

/** Lists a collection page by page. Items of a list carry no kind: the caller knows it. */
export async function listAll(
  client: KubeClient,
  path: string,
  what: string,
  options: { signal?: AbortSignal | undefined; labelSelector?: string; fieldSelector?: string } = {},
): Promise<ListResult> {
  const items: Readonly<Record<string, unknown>>[] = [];
  let next: string | undefined;
  for (;;) {
    const { labelSelector, fieldSelector } = options;
    const answer = await client.json({
      path,
      what,
      signal: options.signal,
      query: { limit: PAGE, continue: next, labelSelector, fieldSelector },
    });
    const metadata = isRecord(answer) && isRecord(answer['metadata']) ? answer['metadata'] : undefined;
    if (!isRecord(answer) || !metadata || !(Array.isArray(answer['items']) || answer['items'] === null)) {
      throw new AppError('badAnswer', `${what}: the server's answer is no list.`);
    }
    items.push(...recordsOf(answer['items']));
    const token = textOf(metadata['continue']);
    if (token === '') return { items, resourceVersion: textOf(metadata['resourceVersion']) };
    if (token === next) throw new AppError('badAnswer', `${what}: the server repeats the same page.`);
    next = token;
  }
}
