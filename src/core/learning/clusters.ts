import type { RunStretch } from './runStretches';

/** A cluster assembled from windows of different runs: some nodes anomalous, the others quiet. */
export interface DrawnCluster {
  /** A one node one type, B two nodes one type, C one node several types, W two nodes different types, H none. */
  scenario: 'A' | 'B' | 'C' | 'W' | 'H';
  nodes: readonly RunStretch[];
}

/** Random numbers in [0, 1). */
export type RandomSource = () => number;

const SIZES = [3, 3, 5, 9];

/** Draws clusters from anomalous and quiet windows, the scenarios in turn; a scenario that the windows do not allow is left out. */
export function drawClusters(
  faulty: readonly RunStretch[],
  quiet: readonly RunStretch[],
  perScenario: number,
  random: RandomSource,
): DrawnCluster[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const single = new Map<string, RunStretch[]>();
  const compound: RunStretch[] = [];
  for (const stretch of faulty) {
    if (stretch.types.length > 1) compound.push(stretch);
    else single.set(stretch.types[0] as string, [...(single.get(stretch.types[0] as string) ?? []), stretch]);
  }
  const types = [...single.keys()].sort();
  const of = (type: string): RunStretch => pick(single.get(type) as RunStretch[]);
  const clusters: DrawnCluster[] = [];
  for (let i = 0; i < perScenario; i++) {
    const turn = types[i % Math.max(1, types.length)];
    const other = pick(types.filter((type) => type !== turn));
    const size = SIZES[i % SIZES.length] as number;
    const draw = (scenario: DrawnCluster['scenario'], anomalous: readonly RunStretch[]): void => {
      const healthy = Array.from({ length: size - anomalous.length }, () => pick(quiet));
      clusters.push({ scenario, nodes: [...anomalous, ...healthy] });
    };
    if (turn !== undefined) {
      draw('A', [of(turn)]);
      draw('B', [of(turn), of(turn)]);
      if (other !== undefined) draw('W', [of(turn), of(other)]);
    }
    if (compound.length > 0) draw('C', [pick(compound)]);
    draw('H', []);
  }
  return clusters;
}
