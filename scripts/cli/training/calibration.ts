/** One answer of a fold that the fit did not see, and whether it was true. */
export interface Answered {
  type: string;
  probability: number;
  truth: boolean;
}

/** Probability after calibration: sigmoid(scale · logit + shift). */
export interface Calibration {
  scale: number;
  shift: number;
}

export const logit = (p: number): number => {
  const held = Math.min(1 - 1e-6, Math.max(1e-6, p));
  return Math.log(held / (1 - held));
};
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * Platt scaling (Platt 1999) of one type's log odds by Newton's method, with his smoothed targets. Without any true
 * answer it stays as it is.
 */
export function calibrate(answers: readonly Answered[]): Calibration {
  const positives = answers.filter(({ truth }) => truth).length;
  const negatives = answers.length - positives;
  if (positives < 5 || negatives < 5) return { scale: 1, shift: 0 };
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  let scale = 1;
  let shift = 0;
  for (let round = 0; round < 50; round++) {
    let gs = 0;
    let gb = 0;
    let hss = 1e-6;
    let hsb = 0;
    let hbb = 1e-6;
    for (const { probability, truth } of answers) {
      const x = logit(probability);
      const p = sigmoid(scale * x + shift);
      const d = p - (truth ? high : low);
      const w = Math.max(1e-9, p * (1 - p));
      gs += d * x;
      gb += d;
      hss += w * x * x;
      hsb += w * x;
      hbb += w;
    }
    const det = hss * hbb - hsb * hsb;
    if (!(det > 1e-12)) break;
    const stepScale = (hbb * gs - hsb * gb) / det;
    const stepShift = (hss * gb - hsb * gs) / det;
    scale = Math.min(4, Math.max(0.2, scale - stepScale));
    shift = Math.min(4, Math.max(-4, shift - stepShift));
    if (Math.abs(stepScale) + Math.abs(stepShift) < 1e-6) break;
  }
  return { scale, shift };
}

/** How often answers of a probability were true. */
export interface ReliabilityBin {
  from: number;
  to: number;
  answers: number;
  meanProbability: number | null;
  trueShare: number | null;
}

/** Ten bins of probability: where it means what it says, the mean is the share that was true. */
export function reliability(answers: readonly Answered[]): ReliabilityBin[] {
  return Array.from({ length: 10 }, (_, i): ReliabilityBin => {
    const [from, to] = [i / 10, (i + 1) / 10];
    const inside = answers.filter(({ probability: p }) => p >= from && (p < to || (i === 9 && p <= 1)));
    const mean = (values: number[]): number | null =>
      values.length === 0 ? null : Number((values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(4));
    return {
      from,
      to,
      answers: inside.length,
      meanProbability: mean(inside.map(({ probability }) => probability)),
      trueShare: mean(inside.map(({ truth }) => Number(truth))),
    };
  });
}
