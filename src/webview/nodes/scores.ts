import type { PanelSnapshot } from '../../shared/protocol';
import { newest } from '../elements/table';

/** How anomalous the nodes are, 0 to 1, and which of them are anomalous, the most so first. */
export interface Scores {
  scores: ReadonlyMap<string, number>;
  anomalous: readonly string[];
}

/** The scores of the diagnosis that is shown; without one the newest of the scores' chart. */
export function scoresOf({ diagnosis, ranks }: Pick<PanelSnapshot, 'diagnosis' | 'ranks'>): Scores {
  if (!diagnosis) {
    const known = (ranks?.nodes ?? []).map(({ node, values }): [string, number] => [node, newest(values) ?? NaN]);
    return { scores: new Map(known), anomalous: [] };
  }
  const nodes = [...diagnosis.graph.nodes].sort((a, b) => b.rank - a.rank);
  const named = diagnosis.pairs.filter((pair) => pair.named).map(({ node }) => node);
  return {
    scores: new Map(nodes.map(({ node, rank }) => [node, rank])),
    anomalous: [...new Set([...named, ...nodes.filter(({ anomalous }) => anomalous).map(({ node }) => node)])],
  };
}
