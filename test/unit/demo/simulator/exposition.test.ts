import { describe, expect, it } from 'vitest';
import { PROFILES, renderQuery } from '../../../../src/core/metrics/profiles';
import { FaultBoard } from '../../../../src/demo/faults';
import { queryRange } from '../../../../src/demo/prometheus/engine';
import { SeriesStore } from '../../../../src/demo/prometheus/store';
import { DatabaseSimulator } from '../../../../src/demo/simulator/simulator';
import { demoTopology } from '../../../../src/demo/topology';

/** What obagent exports of OceanBase 4 as it comes: `etc/module_config/monitor_ob.yaml`, `minObVersion: 4.0.0.0`. */
const EXPORTED_STATISTICS = new Set(
  (
    '10000 10001 10002 10003 10004 10005 10006 140002 140003 140005 140006 40030 80040 80041 130000 130001 130002 ' +
    '130004 20000 20001 20002 30000 30001 30002 30005 30006 30007 30008 30009 30010 30011 30012 30013 40000 40001 ' +
    '40002 40003 40004 40005 40006 40007 40008 40009 40010 40011 40012 40018 40019 50000 50001 60087 50004 50005 ' +
    '50008 50009 50010 50011 50037 50038 60000 60001 60002 60003 60004 60005 60019 60020 60021 60022 60023 60024 ' +
    '80057 120000 120001 120009 120008'
  ).split(' '),
);
const EXPORTED_GROUPS = new Set(['INTERNAL', 'SYNC_RPC', 'ROW_LOCK_WAIT', 'IO', 'LATCH', 'OTHER']);
/** Exported, but still in OceanBase 4: nothing may be read from them. */
const STILL = ['10010', '40013', '60021', '80040', '80041'];

const topology = demoTopology(3);
const START = Date.UTC(2026, 0, 5, 12);
const all = PROFILES.flatMap((profile) => profile.queries.map((query) => ({ profile: profile.name, ...query })));

describe('the series of the simulated servers', () => {
  const simulator = new DatabaseSimulator({ topology, seed: 5, startMs: START, board: new FaultBoard() });
  const store = new SeriesStore();
  for (let at = START + 5000; at <= START + 120_000; at += 5000) {
    simulator.advanceTo(at);
    store.scrape(at, simulator.samples());
  }
  const labels = simulator.samples().map(({ name, labels: own }) => ({ name, own }));

  it('are obagent’s, by its names and ids', () => {
    const ids = labels.flatMap(({ name, own }) => (name === 'ob_sysstat' ? [own['stat_id'] as string] : []));
    expect(ids.filter((id) => !EXPORTED_STATISTICS.has(id))).toEqual([]);
    const groups = labels.flatMap(({ own }) => own['event_group'] ?? []);
    expect(groups.filter((group) => !EXPORTED_GROUPS.has(group))).toEqual([]);
    expect(groups).not.toContain('ROW_LOCK_WAIT');
    expect(ids.filter((id) => STILL.includes(id))).toEqual([]);
  });

  it.each(all)('answer $profile $metric for every node', ({ template, node }) => {
    const nodes = topology.pods.map(({ name, ip }) => (node === 'pod' ? name : ip));
    const scope = { namespace: topology.namespace, nodes, container: 'observer', rateWindowMs: 60_000 };
    const end = START + 120_000;
    const series = queryRange(store, renderQuery(template, scope), { startMs: end, endMs: end, stepMs: 15_000 });
    expect(series.map(({ labels: own }) => own[node]).sort()).toEqual([...nodes].sort());
    for (const { points } of series) expect(points[0]?.[1]).toBeGreaterThanOrEqual(0);
  });

  it('hold every id that the profile asks for: exported, and none that stands still', () => {
    const asked = all.flatMap(({ template }) =>
      [...template.matchAll(/stat_id="(\d+)"/g)].map(([, id]) => id as string),
    );
    expect(asked.filter((id) => !EXPORTED_STATISTICS.has(id) || STILL.includes(id))).toEqual([]);
  });
});
