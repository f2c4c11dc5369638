import { formatPercent } from '../base/percent';
/** How well a detector answered experiments that its fit did not see. */
export interface HeldOutScores {
  /** Precision at 1 and 3, 0 to 1: the mean share of true `<node, type>` pairs among the first k. */
  ac1: number;
  ac3: number;
  /** Share of quiet windows in which something was named. */
  falseAlarms: number;
}

/** What came of a training. */
export interface TrainingReport {
  /** Experiments that the fit saw, and those kept from it. */
  trainedOn: number;
  heldOut: number;
  before: HeldOutScores;
  after: HeldOutScores;
  /** True when the new model was written: it is better on the held-out experiments. */
  accepted: boolean;
}

/** True when a newly fitted detector should take the old one's place: no figure may be worse, and one must be better. */
export function isBetter(before: HeldOutScores, after: HeldOutScores): boolean {
  const noWorse = after.ac1 >= before.ac1 && after.ac3 >= before.ac3 && after.falseAlarms <= before.falseAlarms;
  const better = after.ac1 > before.ac1 || after.ac3 > before.ac3 || after.falseAlarms < before.falseAlarms;
  return noWorse && better;
}

/** `AC@1 80% → 95%, AC@3 90% → 100%, false alarms 0% → 0%`. */
export function scoresText({ before, after }: Pick<TrainingReport, 'before' | 'after'>): string {
  return [
    `AC@1 ${formatPercent(before.ac1)} → ${formatPercent(after.ac1)}`,
    `AC@3 ${formatPercent(before.ac3)} → ${formatPercent(after.ac3)}`,
    `false alarms ${formatPercent(before.falseAlarms, 1)} → ${formatPercent(after.falseAlarms, 1)}`,
  ].join(', ');
}
