import { msg, type Text } from '../base/text';
import { contributionsOf } from './distance/distanceDetector';
import type { Detection, Detector } from './ranking';

const logit = (p: number): number => {
  const held = Math.min(1 - 1e-4, Math.max(1e-4, p));
  return Math.log(held / (1 - held));
};
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** A model's detection and, per node, how closely its levels resemble the model's training data (0 to 1). */
export interface FamiliarDetection extends Detection {
  familiarity: readonly number[];
}

/**
 * Uses the model for the kinds of database that it knows, and the signs for the others. A type that only one of them
 * knows comes from that one. The signs are converted to the model's scale: both share one threshold, and the model's
 * probabilities stay calibrated. The explanation comes from whichever has more weight.
 */
export function blend(model: (nodes: Parameters<Detector>[0]) => FamiliarDetection, fallback: Detector): Detector {
  return (nodes) => {
    const learned = model(nodes);
    const signs = fallback(nodes);
    const types = [...new Set([...learned.types, ...signs.types])];
    const ofModel = types.map((type) => learned.types.indexOf(type));
    const ofSigns = types.map((type) => signs.types.indexOf(type));
    const thresholds = types.map(
      (_, l) => learned.thresholds[ofModel[l] as number] ?? (signs.thresholds[ofSigns[l] as number] as number),
    );
    const probabilities = nodes.map((_, i) => {
      const weight = learned.familiarity[i] as number;
      return Float64Array.from(types, (_type, l) => {
        const p = learned.probabilities[i]?.[ofModel[l] as number];
        const q = signs.probabilities[i]?.[ofSigns[l] as number];
        if (p === undefined) return (q ?? 0) * (1 - weight);
        if (q === undefined) return p * weight;
        const moved =
          logit(q) - logit(signs.thresholds[ofSigns[l] as number] as number) + logit(thresholds[l] as number);
        return sigmoid(weight * logit(p) + (1 - weight) * moved);
      });
    });
    const strange = learned.familiarity.filter((weight) => weight < 0.5).length;
    return {
      types,
      probabilities,
      thresholds,
      ...(strange === 0 ? {} : { note: strangeNote(strange, nodes.length) }),
      contributions: (node, type) => {
        const known = (ofModel[type] as number) >= 0;
        return known && (learned.familiarity[node] as number) >= 0.5
          ? learned.contributions(node, ofModel[type] as number)
          : contributionsOf(nodes[node] ?? new Map(), types[type] as string);
      },
    };
  };
}

const strangeNote = (strange: number, all: number): Text =>
  msg`The metric levels of ${strange} of ${all} nodes differ from the model’s training data. Rules are used for these nodes.`;
