import { beforeEach, describe, expect, it } from 'vitest';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';
import type { NodeRank } from '../../../src/core/diagnosis/types';
import { NodeDecorations, nodeUri } from '../../../src/ui/tree/nodeDecorations';
import { nodeItem } from '../../../src/ui/tree/nodeItem';
import { NodesTree } from '../../../src/ui/tree/nodesTree';
import { settle } from '../../support';
import { window } from '../editor/vscode';

const view = { visible: true, message: 'old', description: 'old' };
Object.assign(window, {
  registerFileDecorationProvider: () => ({ dispose: () => {} }),
  createTreeView: () =>
    Object.assign(view, { onDidChangeVisibility: () => ({ dispose: () => {} }), dispose: () => {} }),
});

const rank = (score: number, anomalous: boolean): NodeRank => ({ node: 'n', rank: score, influence: 1, anomalous });
const pod = (name: string): DatabasePod =>
  ({ namespace: 'db', pod: name, zone: 'ob-zone1', ready: true }) as unknown as DatabasePod;

describe('the marks of the node view', () => {
  it('are those of anomalous nodes alone, and are drawn anew only where they change', () => {
    const marks = new NodeDecorations();
    const told: string[][] = [];
    marks.onDidChangeFileDecorations((uris) => told.push(uris.map(({ path }) => path)));
    const show = (a: NodeRank, b: NodeRank): void => marks.show(new Map([['db/a', a] as const, ['db/b', b] as const]));
    show(rank(0.02, false), rank(0.994, true));
    show(rank(0.31, false), rank(0.991, true)); // 99% as before
    show(rank(0.9, true), rank(0.991, true));
    expect(told).toEqual([['/db/b'], ['/db/a']]);
    expect(marks.provideFileDecoration(nodeUri('db/b'))).toEqual({ badge: undefined, tooltip: 'anomaly score 99%' });
    marks.show(new Map());
    expect(marks.provideFileDecoration(nodeUri('db/b'))).toBeUndefined();
  });
});

describe('a row of the node view', () => {
  it('begins with the node, and names what was found in it', () => {
    const named = (type: string): object => ({
      node: 'ob-1-zone1-a',
      type,
      probability: 0.97,
      named: true,
      reasons: [],
    });
    const words = (...types: string[]): unknown => {
      const diagnosis = { nodes: [], ranking: types.map(named) } as never;
      const { label, description } = nodeItem(
        { type: 'node', target: pod('ob-1-zone1-a') },
        { diagnosis, known: undefined, looks: new Map() },
      );
      return [label, description];
    };
    expect(words()).toEqual(['zone1-a', '']);
    expect(words('cpu_stress')).toEqual(['zone1-a', '97% CPU stress']);
    expect(words('cpu_stress', 'disk_stress')).toEqual(['zone1-a', '97% CPU stress, 97% Disk stress']);
  });

  it('tells of a zone how many of its nodes are anomalous', () => {
    const diagnosis = { nodes: [{ node: 'a', anomalous: true }], ranking: [] } as never;
    const row = { type: 'zone', zone: 'ob-zone1', targets: [pod('a'), pod('b')] } as const;
    const { label, description } = nodeItem(row, { diagnosis, known: undefined, looks: new Map() });
    expect([label, description]).toEqual(['zone1', '1 of 2 anomalous']);
    expect(nodeItem(row, { diagnosis: undefined, known: undefined, looks: new Map() }).description).toBe('2 nodes');
  });
});

describe('the node view', () => {
  beforeEach(() => Object.assign(view, { message: 'old', description: 'old' }));

  it('keeps nothing of a cluster that was left', async () => {
    let left = (): void => {};
    const sessions = {
      onDidChange: (listener: () => void) => ((left = listener), { dispose: () => {} }),
      current: () => new Promise(() => {}),
    };
    const tree = new NodesTree(sessions as never);
    await settle();
    left();
    expect([view.message, view.description]).toEqual(['', '']);
    tree.dispose();
  });
});
