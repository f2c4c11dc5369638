const DAMPING = 0.85;
const TOLERANCE = 1e-9;

/**
 * Weighted PageRank on the anomaly graph: PR(i) = (1 − d) + d · Σ_j PR(j) · w_ij², d = 0.85, iterated until no rank
 * changes noticeably (DistDiagnosis, JOS 7282). If the largest row sum exceeds 1, the squared weights are
 * divided by it; otherwise the iteration would not converge. Scaled to a mean of 1 over the nodes.
 */
export function influence(weights: Float64Array, n: number): Float64Array {
  const squares = weights.map((weight) => weight * weight);
  let heaviest = 1;
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let j = 0; j < n; j++) row += squares[i * n + j] as number;
    heaviest = Math.max(heaviest, row);
  }
  let ranks = new Float64Array(n).fill(1);
  for (let round = 0; round < 200; round++) {
    const next = new Float64Array(n);
    let change = 0;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += (ranks[j] as number) * (squares[i * n + j] as number);
      next[i] = 1 - DAMPING + (DAMPING * sum) / heaviest;
      change = Math.max(change, Math.abs((next[i] as number) - (ranks[i] as number)));
    }
    ranks = next;
    if (change < TOLERANCE) break;
  }
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  return ranks.map((rank) => (total > 0 ? (rank * n) / total : 1));
}
