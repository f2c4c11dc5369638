import { ANOMALY_TYPES } from '../anomalies';
import { distanceContributions, distanceProbabilities } from './distance';
import type { Detector } from './ranking';

/** The fall-back as a detector, for the injectable types or for others that have signs. */
export function distanceDetector(types: readonly string[] = ANOMALY_TYPES, threshold = 0.5): Detector {
  return (nodes) => ({
    types,
    probabilities: distanceProbabilities(nodes, types),
    thresholds: types.map(() => threshold),
    contributions: (node, type) => distanceContributions(nodes[node] ?? new Map(), types[type] as string),
  });
}
