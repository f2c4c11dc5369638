import { afterEach, beforeEach, expect, it } from 'vitest';
import { target } from '../cluster/targets';
import { StoredPrometheus, type Stretch } from './storedPrometheus';

const MINUTE = 60_000;
const PODS = [1, 2, 3].map((i) =>
  target({ pod: `ob-${i}`, ip: `10.244.1.${i}`, hostNode: `worker-${i}`, server: { cluster: 'obcluster' } as never }),
);

let prometheus: StoredPrometheus;
beforeEach(async () => {
  prometheus = new StoredPrometheus();
  await prometheus.start();
  for (const i of [1, 2, 3]) put('ob_all_session_num', i, { value: 5 });
});
afterEach(() => prometheus.stop());

const put = (name: string, i: number, stretch: Stretch, cluster = 'obcluster'): void =>
  prometheus.put(name, { svr_ip: `10.244.1.${i}`, ob_cluster_name: cluster, app: 'OB' }, stretch);
/** The leader so many minutes ago. */
const leader = (ago = 0): Promise<string | undefined> =>
  prometheus.source().leaderAt!(PODS, prometheus.clock.now() - ago * MINUTE);

it('is the one server whose agent counts broken indexes, now and in the past', async () => {
  put('ob_index_error_num', 2, { to: 15, value: 0 });
  put('ob_index_error_num', 3, { from: 14, value: 3 });
  expect(await leader()).toBe('ob-3');
  expect(await leader(20)).toBe('ob-2');
});

it('is not told while two have counted, nor where none does', async () => {
  put('ob_index_error_num', 2, { to: 15, value: 0 });
  put('ob_index_error_num', 3, { from: 14, to: 5, value: 0 });
  expect(await leader(13.5)).toBeUndefined();
  expect(await leader(11)).toBe('ob-3');
  expect(await leader()).toBeUndefined();
});

it('is never that of another OceanBase cluster at the same address', async () => {
  put('ob_all_session_num', 1, { value: 5 }, 'another');
  put('ob_index_error_num', 1, { value: 0 }, 'another');
  expect(await leader()).toBeUndefined();
  put('ob_index_error_num', 2, { value: 0 });
  expect(await leader()).toBe('ob-2');
});
