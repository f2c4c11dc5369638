import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ANOMALY_TYPES, type AnomalyType } from '../../src/core/faults/catalogue';
import { runTour, type TourOptions } from './tour/tourRun';
import { openTourWorld } from './tour/tourWorld';

/**
 * The main job without an editor, through the same core and adapters as the extension:
 * inject → watch → measure → diagnose → stop, for each anomaly on a node of its own.
 * Exits 0 when every diagnosis was right and the cluster was healthy before and after.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kubeconfig: { type: 'string' },
      prometheus: { type: 'string', default: process.env['PROMETHEUS_URL'] ?? '' },
      speed: { type: 'string', default: '10' },
      nodes: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      step: { type: 'string', default: '5' },
      profile: { type: 'string', default: 'auto' },
      only: { type: 'string' },
      see: { type: 'string', default: '180' },
      heal: { type: 'string', default: '300' },
      tour: { type: 'boolean', default: false },
    },
  });
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-tour-'));
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
  const world = await openTourWorld({
    directory,
    kubeconfig: values.kubeconfig,
    prometheusUrl: values.prometheus,
    speed: Number(values.speed),
    nodes: Number(values.nodes),
    seed: Number(values.seed),
    stepMs: Number(values.step) * 1000,
    profile: values.profile === 'container' ? 'container' : undefined,
  });
  try {
    const options: TourOptions = {
      types: ANOMALY_TYPES.filter((type: AnomalyType) => !values.only || values.only.split(',').includes(type)),
      say: (line) => console.log(line),
      signal: abort.signal,
      seeMs: Number(values.see) * 1000,
      healMs: Number(values.heal) * 1000,
    };
    return (await runTour(world, options)) ? 0 : 1;
  } finally {
    await world.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    process.exit(1);
  },
);
