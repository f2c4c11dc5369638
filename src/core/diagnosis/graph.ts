import type { NodeObservation } from './types';

/**
 * The compound anomaly graph: w_ij = (1/d) Σ_k |r(m_ik, m_jk)|, the mean over the metrics that both nodes have of the
 * absolute Pearson correlation of their windows (DistDiagnosis, JOS 7282). A constant series has no correlation: 0.
 * Row-major, nodes × nodes, symmetric, zero on the diagonal.
 */
export function anomalyGraph(nodes: readonly NodeObservation[]): Float64Array {
  const n = nodes.length;
  const weights = new Float64Array(n * n);
  const counts = new Int32Array(n * n);
  const metrics = new Set(nodes.flatMap((node) => Object.keys(node.metrics)));
  for (const metric of metrics) {
    // Standardised once per node, so that a correlation is one dot product.
    const standard = nodes.map((node) => standardise(node.metrics[metric]?.window));
    for (let i = 0; i < n; i++) {
      const a = standard[i];
      if (!a) continue;
      for (let j = i + 1; j < n; j++) {
        const b = standard[j];
        if (!b) continue;
        const at = i * n + j;
        counts[at] = (counts[at] as number) + 1;
        let dot = 0;
        const length = Math.min(a.length, b.length);
        for (let k = 0; k < length; k++) dot += (a[k] as number) * (b[k] as number);
        weights[at] = (weights[at] as number) + Math.min(1, Math.abs(dot));
      }
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const at = i * n + j;
      const weight = counts[at] ? (weights[at] as number) / (counts[at] as number) : 0;
      weights[at] = weight;
      weights[j * n + i] = weight;
    }
  }
  return weights;
}

/** Zero mean, unit length; gaps become 0 (the mean). Undefined for no data, zeros for a constant series. */
function standardise(values: Float64Array | undefined): Float64Array | undefined {
  if (!values || values.length === 0) return undefined;
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += value;
    count += 1;
  }
  if (count === 0) return undefined;
  const mean = sum / count;
  const result = new Float64Array(values.length);
  let square = 0;
  values.forEach((value, i) => {
    const centred = Number.isFinite(value) ? value - mean : 0;
    result[i] = centred;
    square += centred * centred;
  });
  const norm = Math.sqrt(square);
  if (norm <= 1e-12 * Math.max(1, Math.abs(mean))) return result.fill(0);
  return result.map((value) => value / norm);
}
