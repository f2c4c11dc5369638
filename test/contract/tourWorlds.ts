import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openTourWorld, type TourWorld } from '../../scripts/cli/tour/tourWorld';
import { temporaryFolder } from '../temporary';

/** A demo cluster of three nodes at twenty times the speed, with all that watches it, for the tests of a file. */
export function useTourWorld(name: string, { seed, stepMs }: { seed: number; stepMs: number }): () => TourWorld {
  const directory = temporaryFolder(name);
  const root = path.join(__dirname, '..', '..');
  let world: TourWorld;
  beforeAll(async () => {
    world = await openTourWorld({
      ...{ directory, root, seed, stepMs },
      kubeconfig: undefined,
      prometheusUrl: '',
      speed: 20,
      nodes: 3,
    });
  });
  afterAll(async () => {
    await world.close();
  });
  return () => world;
}
