import type { Diagnosis } from '../../../src/core/diagnosis/types';

/** An answer as the data sets' scorer takes it: pairs of node and type, best first, and the nodes called anomalous. */
export interface Answer {
  ranking: [node: string, type: string, probability: number][];
  anomalous: string[];
}

/** A diagnosis in the names that a file has for the types; a node of unknown anomaly is anomalous as well. */
export function answerOf(
  { ranking, nodes }: Pick<Diagnosis, 'ranking' | 'nodes'>,
  names: ReadonlyMap<string, string>,
): Answer {
  return {
    ranking: ranking.flatMap(({ node, type, probability }): Answer['ranking'] => {
      const name = names.get(type);
      return name === undefined ? [] : [[node, name, Number(probability.toFixed(4))]];
    }),
    anomalous: nodes.filter(({ anomalous }) => anomalous).map(({ node }) => node),
  };
}
