import { msg, type Text } from '../base/text';
import { contributionsOf } from './distance/distanceDetector';
import type { Detection, Detector } from './ranking';

const logit = (p: number): number => {
  const held = Math.min(1 - 1e-4, Math.max(1e-4, p));
  return Math.log(held / (1 - held));
};
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** A model's detection, and by node how much its levels look like what the model was trained on (0 to 1). */
export interface FamiliarDetection extends Detection {
  familiarity: readonly number[];
}

/**
 * A model where it knows the kind of database, the signs where it does not. For types that only one of them knows, that
 * one answers. The signs are moved onto the model's scale, so that both have the same threshold and the model's
 * probabilities stay as they were calibrated; the explanation is that of whichever counts more.
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
