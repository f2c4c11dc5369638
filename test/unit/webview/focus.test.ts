import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DASHES, looksAmong, MOST_LINES, NODE_COLOURS, nodeLooks } from '../../../src/core/base/nodeLook';
import { bandOf, PeerBand } from '../../../src/webview/charts/band';
import { inHead } from '../../../src/webview/charts/cardHead';
import { drawn, shortNames } from '../../../src/webview/nodes/focus';
import { laneOf } from '../../../src/webview/charts/lanes';
import { byZone, found } from '../../../src/webview/nodes/legend';
import { scoresOf } from '../../../src/webview/nodes/scores';

const nodes = (count: number): string[] => Array.from({ length: count }, (_, i) => `ob-zone${(i % 3) + 1}-${i}`);
const of = (...values: number[]): Float64Array => Float64Array.from(values);

describe('what is drawn', () => {
  it('is a line for each of up to eight nodes', () => {
    const shown = nodes(MOST_LINES);
    expect(drawn(shown, { anomalous: [], pinned: new Set() })).toEqual({ own: new Set(shown), peers: new Set() });
  });

  it('of more nodes is a line for the anomalous and the pinned, and a band of the others', () => {
    const shown = nodes(30);
    const { own, peers } = drawn(shown, { anomalous: ['ob-zone1-3', 'gone'], pinned: new Set(['ob-zone2-7']) });
    expect(own).toEqual(new Set(['ob-zone1-3', 'ob-zone2-7']));
    expect(peers.size).toBe(28);
  });

  it('is never more than eight anomalous lines', () => {
    const shown = nodes(30);
    expect(drawn(shown, { anomalous: shown, pinned: new Set() }).own).toEqual(new Set(shown.slice(0, MOST_LINES)));
  });
});

describe('the look of a node', () => {
  it('does not depend on the order of the names, and differs for as many nodes as there are colours and patterns', () => {
    const names = nodes(40);
    const looks = nodeLooks(names);
    expect(nodeLooks([...names].reverse())).toEqual(looks);
    const seen = [...looks.values()].map(({ colour, dash }) => `${colour} ${dash}`);
    expect(new Set(seen).size).toBe(40);
    expect(NODE_COLOURS.length * DASHES.length).toBeGreaterThanOrEqual(40);
  });

  it('needs no pattern where no other line has its colour', () => {
    const names = nodes(20);
    const looks = nodeLooks(names);
    const [first, second] = names.filter((name) => looks.get(name)?.colour === 3) as [string, string];
    expect(looksAmong(looks, [second]).get(second)).toMatchObject({ colour: 3, dash: 0 });
    const both = looksAmong(looks, [first, second]);
    expect(both.get(first)?.dash).not.toBe(both.get(second)?.dash);
  });
});

it('short names leave out what all begin with, as far as something is left', () => {
  expect([...shortNames(['obcluster-1-zone1-a17', 'obcluster-1-zone2-a79']).values()]).toEqual([
    'zone1-a17',
    'zone2-a79',
  ]);
  expect([...shortNames(['ob-0', 'ob-1']).values()]).toEqual(['ob-0', 'ob-1']);
  expect([...shortNames(['alone-1']).values()]).toEqual(['alone-1']);
});

describe('the band', () => {
  it('has the quantiles as PromQL works them out, without the gaps', () => {
    const columns = [of(1, NaN), of(2, NaN), of(3, 7), of(4, NaN), of(5, NaN)];
    const band = bandOf({ timestamps: of(0, 1), columns });
    expect([band.low, band.p10, band.median, band.p90, band.high].map((one) => one[0])).toEqual([1, 1.4, 3, 4.6, 5]);
    expect([band.low, band.p10, band.median, band.p90, band.high].map((one) => one[1])).toEqual([7, 7, 7, 7, 7]);
    expect(bandOf({ timestamps: of(0), columns: [of(NaN)] }).median[0]).toBeNaN();
  });

  it('that goes on from one before is the same as one made anew, whatever was corrected', () => {
    const value = fc.oneof(fc.constant(NaN), fc.integer({ min: 0, max: 3 }));
    const table = fc.record({
      first: fc.integer({ min: 0, max: 8 }),
      columns: fc.array(fc.array(value, { minLength: 6, maxLength: 6 }), { minLength: 3, maxLength: 3 }),
    });
    const linesOf = ({ columns }: { columns: number[][] }): { name: string; values: Float64Array }[] =>
      columns.map((column, i) => ({ name: `n${i}`, values: Float64Array.from(column) }));
    const axis = (first: number): Float64Array => Float64Array.from({ length: 6 }, (_, i) => first + i);
    fc.assert(
      fc.property(table, table, (a, b) => {
        const kept = new PeerBand();
        kept.of({}, axis(a.first), linesOf(a));
        const lines = linesOf(b);
        expect(kept.of({}, axis(b.first), lines)).toEqual(
          bandOf({ timestamps: axis(b.first), columns: lines.map(({ values }) => values) }),
        );
      }),
    );
  });
});

describe('a chart’s head', () => {
  const lines = [
    { name: 'a', values: of(1, 5, 2) },
    { name: 'b', values: of(3, 1, 1) },
    { name: 'c', values: of(9, 9, NaN) },
  ];
  const content = { lines, ofNodes: true };
  const all = (): boolean => true;

  it('speaks of the node in focus, else of the highest', () => {
    expect(inHead(content, -1, all, ['b'])).toEqual({ name: 'b', value: 1 });
    expect(inHead(content, 1, all, [])).toEqual({ name: 'c', value: 9 });
    expect(inHead(content, 2, all, ['c'])).toEqual({ name: 'a', value: 2 });
  });

  it('is silent of hidden nodes, and where there is nothing', () => {
    expect(inHead(content, 1, (name) => name !== 'c', ['c'])).toEqual({ name: 'a', value: 5 });
    expect(inHead({ lines: [], ofNodes: true }, -1, all, [])).toBeUndefined();
  });
});

describe('lanes', () => {
  const span = (fromMs: number, toMs: number | undefined): { fromMs: number; toMs: number | undefined } => ({
    fromMs,
    toMs,
  });

  it('are as many as overlap, and are used again', () => {
    expect(laneOf([span(0, 10), span(5, 20), span(10, 12), span(30, undefined), span(31, 32)])).toEqual([
      0, 1, 0, 0, 1,
    ]);
  });

  it('are four at the most', () => {
    expect(Math.max(...laneOf(Array.from({ length: 9 }, () => span(0, undefined))))).toBe(3);
  });
});

describe('the legend’s nodes', () => {
  const zones = new Map([
    ['ob-10', 'zone2'],
    ['ob-2', 'zone2'],
    ['ob-1', 'zone1'],
  ]);

  it('stand by zone, in a zone by name; zones of one node each have no headings', () => {
    expect(byZone(['ob-10', 'ob-1', 'ob-2'], zones)).toEqual([
      { zone: 'zone1', nodes: ['ob-1'] },
      { zone: 'zone2', nodes: ['ob-2', 'ob-10'] },
    ]);
    expect(byZone(['ob-10', 'ob-1'], zones)).toEqual([{ zone: undefined, nodes: ['ob-1', 'ob-10'] }]);
  });

  it('are found by every word of name and zone', () => {
    expect(found(['ob-10', 'ob-1', 'ob-2'], zones, ' ZONE2 ob-1 ')).toEqual(['ob-10']);
    expect(found(['ob-10'], zones, 'zone9')).toEqual([]);
  });
});

it('scores are those of the diagnosis, else the newest of the chart; the most anomalous come first', () => {
  const graph = {
    nodes: [
      { node: 'a', rank: 0.2, influence: 1, anomalous: false },
      { node: 'b', rank: 0.7, influence: 1, anomalous: true },
      { node: 'c', rank: 0.9, influence: 1, anomalous: true },
    ],
    edges: [],
    left: 0,
  };
  const pair = { node: 'b', type: 'x', title: 'x', probability: 1, named: true, reasons: [] };
  const diagnosis = {
    from: 0,
    at: 1,
    healthy: false,
    insufficient: undefined,
    pairs: [pair],
    answeredBy: '',
    answeredByReason: undefined,
    graph,
  };
  const { scores, anomalous } = scoresOf({ diagnosis, ranks: undefined });
  expect(scores.get('c')).toBe(0.9);
  expect(anomalous).toEqual(['b', 'c']);
  const ranks = { nodes: [{ node: 'a', values: of(0.1, 0.4) }], cluster: of() };
  expect(scoresOf({ diagnosis: undefined, ranks }).scores.get('a')).toBe(0.4);
});
