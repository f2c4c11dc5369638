import type { DetectorModel } from '../../../src/adapters/tensorflow/model';
import { jointly, UNKNOWN_TYPE } from '../../../src/core/diagnosis/diagnosedTypes';
import { Tally } from '../diagnose/tally';
import {
  calibrate,
  logit,
  reliability,
  sigmoid,
  type Answered,
  type Calibration,
  type ReliabilityBin,
} from './calibration';
import { containerOnly, type Look } from './looks';
import { scenarioOf } from './sources';

/** A look that a model was asked about, without having learned from its runs. */
interface Asked {
  probabilities: readonly Float64Array[];
  truth: readonly (readonly [number, string])[];
}

/** A node is anomalous from this probability on, or from a higher one where quiet clusters would be alarmed too often. */
const LEAST_THRESHOLD = 0.35;
/** A type is named only where it is more likely than not. */
const TYPE_THRESHOLD = 0.5;
/** Share of quiet clusters that may have an alarm. */
const QUIET_ALARMS = 0.02;

/** What models said of looks that they did not see, by the engine that was asked about and how. */
export class AnswerSheet {
  readonly #types: readonly string[];
  readonly #asked = new Map<string, Asked[]>();

  constructor(types: readonly string[]) {
    this.#types = types;
  }

  /** Asks about each look with all of its metrics, and with the container's alone. */
  ask(model: DetectorModel, name: string, looks: readonly Look[]): void {
    for (const [metrics, seen] of [
      ['all metrics', looks],
      ['container metrics', looks.map(containerOnly)],
    ] as const) {
      const answers = seen.map(({ nodes, types }) => ({
        // What the outputs say by themselves: they are calibrated before they are taken together.
        probabilities: model.outputs(nodes),
        truth: types.flatMap((acting, i) => acting.map((type) => [i, type] as const)),
      }));
      const key = `${name}, ${metrics}`;
      this.#asked.set(key, [...(this.#asked.get(key) ?? []), ...answers]);
    }
  }

  /** Calibration and threshold of each type, and what the answers are worth with them. */
  result(): {
    calibrations: Calibration[];
    thresholds: number[];
    scores: Record<string, unknown>;
    reliability: Record<string, ReliabilityBin[]>;
  } {
    const all = [...this.#asked.values()].flat();
    const calibrations = this.#types.map((_, l) => calibrate(this.#answered(all, l)));
    const adjusted = [...this.#asked].map(
      ([name, asked]) => [name, asked.map((one) => adjust(one, calibrations, this.#types))] as const,
    );
    const quiet = adjusted.flatMap(([, asked]) => asked.filter(({ truth }) => truth.length === 0));
    const highest = quiet.map(({ probabilities }) => Math.max(...probabilities.flatMap((row) => [...row])));
    const anomalous = threshold(highest);
    const thresholds = this.#types.map((type) =>
      type === UNKNOWN_TYPE ? anomalous : Math.max(TYPE_THRESHOLD, anomalous),
    );
    const scores = adjusted.map(([name, asked]) => {
      const tally = new Tally();
      for (const { probabilities, truth } of asked)
        tally.add(scenarioOf(truth), { types: this.#types, probabilities, thresholds, contributions: () => [] }, truth);
      return [name, tally.result()];
    });
    const tables = adjusted
      .filter(([name]) => name.includes('left out'))
      .map(([name, asked]) => [name, reliability(this.#types.flatMap((_, l) => this.#answered(asked, l)))]);
    return {
      calibrations,
      thresholds,
      scores: Object.fromEntries(scores) as Record<string, unknown>,
      reliability: Object.fromEntries(tables) as Record<string, ReliabilityBin[]>,
    };
  }

  #answered(asked: readonly Asked[], l: number): Answered[] {
    const type = this.#types[l] as string;
    return asked.flatMap(({ probabilities, truth }) =>
      probabilities.map((row, i) => ({
        type,
        probability: row[l] as number,
        truth: truth.some(([node, acting]) => node === i && (type === UNKNOWN_TYPE || acting === type)),
      })),
    );
  }
}

function adjust(
  { probabilities, truth }: Asked,
  calibrations: readonly Calibration[],
  types: readonly string[],
): Asked {
  return {
    truth,
    probabilities: probabilities.map((row) => {
      const own = row.map((p, l) => {
        const { scale, shift } = calibrations[l] as Calibration;
        return sigmoid(scale * logit(p) + shift);
      });
      return jointly(types, own);
    }),
  };
}

/** The lowest threshold at which few enough quiet clusters have an anomalous node. */
function threshold(highest: readonly number[]): number {
  const sorted = [...highest].sort((a, b) => b - a);
  const above = sorted[Math.floor(QUIET_ALARMS * sorted.length)] ?? 0;
  return Number(Math.min(0.95, Math.max(LEAST_THRESHOLD, above + 0.01)).toFixed(3));
}
