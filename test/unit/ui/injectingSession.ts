import { systemClock } from '../../../src/core/base/clock';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { InjectionService } from '../../../src/core/injection/injection';
import type { Clock } from '../../../src/core/base/clock';
import type { Config } from '../../../src/ui/session/config';
import type { ClusterSession } from '../../../src/ui/session/session';
import type { ConnectionWorld } from './connectionWorld';

/** A world's session that watches and injects for real; its store has to be disposed of besides. */
export async function injectingSession(
  world: ConnectionWorld,
  settings: Partial<Config> = {},
  clock: Clock = systemClock,
): Promise<ClusterSession> {
  const connected = await world.session();
  const store = new ExperimentStore({ gateway: connected.experiments, clock });
  const injection = new InjectionService({ gateway: connected.experiments, store, clock, log: world.log });
  const config = { ...connected.config, defaultDurationMs: 180_000, ...settings };
  return { ...connected, config, clock, store, injection };
}
