import { squash, type NodeDeviations } from '../features';
import { SIGNATURES, type Sign } from './signatures';

/** Deviations below this many robust standard deviations are everyday noise. */
const QUIET = 4;
/** From this many on, a sign has full weight. */
const LOUD = 16;

/** 0 for noise, 1 for a strong deviation in this direction, −1 for a strong one in the other. */
function evidence(sign: Sign, z: number): number {
  const size = Math.min(1, Math.max(0, (squash(Math.abs(z)) - squash(QUIET)) / (squash(LOUD) - squash(QUIET))));
  if (sign.direction === 0) return z > 0 ? -size : 0;
  return Math.sign(z) === sign.direction ? size : -size;
}

/**
 * Probability of each type on each node by the distance from the baseline, sign by sign. It needs no training, and its
 * scale is absolute: a quiet window stays quiet. Each sign has a weight; missing metrics are left out.
 */
export function distanceProbabilities(nodes: readonly NodeDeviations[], types: readonly string[]): Float64Array[] {
  return nodes.map((own) =>
    Float64Array.from(types, (type) => {
      const signs = SIGNATURES[type] ?? [];
      let score = 0;
      let total = 0;
      let speaking = 0;
      for (const sign of signs) {
        const found = own.get(sign.metric);
        if (!found) continue;
        const value = evidence(sign, found.z);
        score += sign.weight * value;
        if (sign.direction !== 0) {
          total += sign.weight;
          speaking += Math.max(0, value) * sign.weight;
        }
      }
      if (total === 0 || speaking === 0) return 0;
      // Half of the signs strong and none against: even odds.
      return 1 / (1 + Math.exp(-10 * (score / total - 0.45)));
    }),
  );
}

/** The contribution of each metric to a type's score, for the explanation. It is exact because the score is their sum. */
export function distanceContributions(own: NodeDeviations, type: string): { metric: string; share: number }[] {
  return (SIGNATURES[type] ?? [])
    .flatMap((sign) => {
      const found = own.get(sign.metric);
      const value = found && sign.direction !== 0 ? Math.max(0, evidence(sign, found.z)) * sign.weight : 0;
      return value > 0 ? [{ metric: sign.metric, share: value }] : [];
    })
    .sort((a, b) => b.share - a.share);
}
