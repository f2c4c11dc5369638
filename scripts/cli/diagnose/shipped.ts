import type { DetectorModel } from '../../../src/adapters/tensorflow/model';
import { distanceDetector } from '../../../src/core/diagnosis/distanceDetector';
import type { Detector } from '../../../src/core/diagnosis/ranking';

/** What the shipped model's types are called in the public data sets; the rest is told by the signs alone. */
const NAMES: Readonly<Record<string, string>> = {
  cpu_stress: 'cpu_saturation',
  disk_stress: 'io_saturation',
  network_delay: 'network_congestion',
};

/** The shipped detector for another set of types: the mean of model and signs where both know a type, else the signs. */
export function shippedDetector(model: DetectorModel, types: readonly string[]): Detector {
  const signs = distanceDetector(types);
  const known = model.manifest.types.map((type) => types.indexOf(NAMES[type] ?? type));
  return (nodes) => {
    const bySigns = signs(nodes);
    const byModel = model.detect(nodes);
    const probabilities = bySigns.probabilities.map((row, i) =>
      row.map((value, l) => {
        const index = known.indexOf(l);
        return index < 0 ? value : (value + (byModel.probabilities[i]?.[index] as number)) / 2;
      }),
    );
    return { ...bySigns, probabilities };
  };
}
