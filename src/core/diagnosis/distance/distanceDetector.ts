import { ANOMALY_TYPES, isAnomalyType } from '../../faults/catalogue';
import { distanceContributions, distanceProbabilities } from './distance';
import { EVIDENCE_METRICS, evidenceOf } from '../evidence';
import type { NodeDeviations } from '../features';
import { PRIOR_TYPES, priorProbability, priorTerms, type PriorType } from '../prior';
import type { Detector } from '../ranking';

/** A type that only signs support is listed but not named, unless it is one that DistDiag injects. */
const UNSURE = 0.45;

/** Close to the top of the prior's steps: on an unknown database, a false alarm costs more than a miss. */
const PRIOR_THRESHOLD = 0.8;

/** The types that the fall-back detects: those that DistDiag injects, and those that the prior knows. */
export const DISTANCE_TYPES: readonly string[] = [...new Set<string>([...ANOMALY_TYPES, ...PRIOR_TYPES])];

const isPrior = (type: string): type is PriorType => (PRIOR_TYPES as readonly string[]).includes(type);

/**
 * The detector that needs no training. The prior judges the types that it knows where their metrics exist. The others are
 * judged by the distance from the baseline, sign by sign, as far as the prior does not explain the node.
 */
export function distanceDetector(types: readonly string[] = DISTANCE_TYPES): Detector {
  return (nodes) => {
    const signs = distanceProbabilities(nodes, types);
    return {
      types,
      probabilities: nodes.map((node, i) => combine(types, node, signs[i] as Float64Array)),
      thresholds: types.map((type) => (isPrior(type) ? PRIOR_THRESHOLD : 0.5)),
      contributions: (node, type) => contributionsOf(nodes[node] ?? new Map(), types[type] as string),
    };
  };
}

/** The evidence for a type: the prior's terms where the prior judged it, else the signs. */
export function contributionsOf(own: NodeDeviations, type: string): { metric: string; share: number }[] {
  const terms = isPrior(type) ? priorTerms(type, evidenceOf(own)) : [];
  if (terms.length === 0) return distanceContributions(own, type);
  return terms.flatMap(({ evidence, share }) => {
    const metric = EVIDENCE_METRICS[evidence].find((name) => own.has(name));
    return metric ? [{ metric, share }] : [];
  });
}

/** The prior's probabilities by the type's place. */
function byPrior(types: readonly string[], node: NodeDeviations): Map<number, number> {
  const evidence = evidenceOf(node);
  return new Map(
    types.flatMap((type, l) => {
      const probability = isPrior(type) ? priorProbability(type, evidence) : undefined;
      return probability === undefined ? [] : [[l, probability] as const];
    }),
  );
}

function combine(types: readonly string[], node: NodeDeviations, signs: Float64Array): Float64Array {
  const prior = byPrior(types, node);
  const explained = Math.max(0, ...prior.values());
  return Float64Array.from(types, (type, l) => {
    const known = prior.get(l);
    if (known !== undefined) return known;
    const rest = (signs[l] as number) * (1 - explained);
    return isAnomalyType(type) || prior.size === 0 ? rest : UNSURE * rest;
  });
}
