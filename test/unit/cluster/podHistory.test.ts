import { expect, it } from 'vitest';
import type { DatabasePod, TargetQuery } from '../../../src/core/cluster/databasePod';
import { PodHistory } from '../../../src/core/cluster/podHistory';
import { ManualClock } from '../../support';

const query: TargetQuery = { namespace: 'db', labelSelector: 'app=db', container: 'observer' };
const names = (targets: readonly DatabasePod[]): string[] => targets.map(({ pod }) => pod);

it('remembers pods that are gone, for as long as a moment may ask for them, each query by itself', async () => {
  const clock = new ManualClock(1000);
  let pods = ['a', 'b'];
  const book = new PodHistory({ list: () => Promise.resolve(pods.map((pod) => ({ pod }) as DatabasePod)) }, clock);
  await book.list(query);
  expect(book.gone(query, 0)).toEqual([]);
  clock.advance(1000);
  pods = ['a', 'c'];
  expect(names(await book.list(query))).toEqual(['a', 'c']);
  clock.advance(1000);
  await book.list(query); // it is gone since it was first missed
  expect(names(book.gone(query, 0))).toEqual(['b']);
  expect(names(book.gone(query, 2000))).toEqual(['b']);
  expect(book.gone(query, 2001)).toEqual([]);
  expect(book.gone({ ...query, namespace: 'other' }, 0)).toEqual([]);
  pods = ['a', 'b', 'c']; // the same name again: its metrics go on
  await book.list(query);
  expect(book.gone(query, 0)).toEqual([]);
});

it('takes nothing for gone where the list cannot be had', async () => {
  let fail = false;
  const list = (): Promise<DatabasePod[]> =>
    fail ? Promise.reject(new Error('no')) : Promise.resolve([{ pod: 'a' } as DatabasePod]);
  const book = new PodHistory({ list }, new ManualClock());
  await book.list(query);
  fail = true;
  await expect(book.list(query)).rejects.toThrow('no');
  expect(book.gone(query, 0)).toEqual([]);
});
