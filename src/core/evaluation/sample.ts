import type { Diagnosis } from '../diagnosis/types';
import type { MetricProblem } from '../metrics/series';

/** One ranked pair, as much of it as a score needs. */
export interface SamplePair {
  node: string;
  type: string;
  probability: number;
  named: boolean;
}

/** What the diagnosis said at one moment: short, so that hours of it can be kept. */
export interface DiagnosisSample {
  /** End of the diagnosed window, epoch milliseconds by the cluster's clock. */
  at: number;
  /** False where there were too few samples for an answer. */
  answered: boolean;
  /** Nodes and types that were ranked. */
  nodes: readonly string[];
  types: readonly string[];
  /** Best first: all that were named, and the first ones that were not. */
  ranking: readonly SamplePair[];
  /** Which engine and model. */
  answeredBy: string;
}

/** Pairs kept of a look: enough for precision at 5 and for the place of a pair that was missed. */
const KEPT_PAIRS = 12;
/** Named pairs beyond this are let go too: a look that names everything says nothing. */
const KEPT_NAMED = 60;

/** The same, or no answer: that nothing is named says nothing where metrics were not answered. */
export function withoutDoubt(sample: DiagnosisSample, problems: readonly MetricProblem[]): DiagnosisSample {
  const named = sample.ranking.some((pair) => pair.named);
  return named || !problems.some(({ incomplete }) => incomplete) ? sample : { ...sample, answered: false };
}

/** A diagnosis in short. `known` may hold the lists of an earlier look, to share them. */
export function toSample(diagnosis: Diagnosis, known?: Pick<DiagnosisSample, 'nodes' | 'types'>): DiagnosisSample {
  const { ranking, info } = diagnosis;
  const nodes = shared(
    diagnosis.nodes.map(({ node }) => node),
    known?.nodes,
  );
  const types = shared([...new Set(ranking.map(({ type }) => type))].sort(), known?.types);
  const kept = ranking.filter(({ named }, place) => place < KEPT_PAIRS || (named && place < KEPT_NAMED));
  return {
    at: diagnosis.at,
    answered: diagnosis.insufficient === undefined,
    nodes,
    types,
    ranking: kept.map(({ node, type, probability, named }) => ({ node, type, probability, named })),
    answeredBy: info.model ? `${info.model} (${info.answeredBy})` : info.answeredBy,
  };
}

const shared = (list: readonly string[], known: readonly string[] | undefined): readonly string[] =>
  known?.length === list.length && known.every((one, i) => one === list[i]) ? known : list;
