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

/** `AC@1 0.80 → 0.95, AC@3 0.90 → 1.00, false alarms 0 % → 0 %`. */
export function scoresText({ before, after }: Pick<TrainingReport, 'before' | 'after'>): string {
  const percent = (value: number): string => `${Number((100 * value).toFixed(1))} %`;
  return [
    `AC@1 ${before.ac1.toFixed(2)} → ${after.ac1.toFixed(2)}`,
    `AC@3 ${before.ac3.toFixed(2)} → ${after.ac3.toFixed(2)}`,
    `false alarms ${percent(before.falseAlarms)} → ${percent(after.falseAlarms)}`,
  ].join(', ');
}
