import { connect } from '../../../src/adapters/kubernetes/index';
import { systemClock } from '../../../src/core/base/clock';
import type { ChaosObject } from '../../../src/core/experiments/experiment';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { InjectionService } from '../../../src/core/injection/injection';
import { ServerClock } from '../../../src/core/cluster/serverClock';
import { silentLog } from '../../support';

/** What an editor of this test is told to do. */
export interface Errand {
  kubeconfig: string;
  /** Is injected; without it, something is done with everything of ours. */
  inject?: ChaosObject;
  /** What is done; it is stopped by default. */
  change?: 'stop' | 'pause' | 'resume';
}

/**
 * An extension host without its editor: the same adapters and core, put together in the same way, in a process of its
 * own that can be killed. Prints `done` when its errand is.
 */
async function main(): Promise<void> {
  const errand = JSON.parse(process.argv[2] ?? '{}') as Errand;
  const clock = new ServerClock(systemClock);
  const connection = await connect({
    kubeconfigPath: errand.kubeconfig,
    trusted: true,
    log: silentLog,
    namespaces: ['oceanbase'],
    heardDate: clock.heard,
  });
  const gateway = connection.experiments;
  const store = new ExperimentStore({ gateway, clock });
  const injection = new InjectionService({ gateway, store, clock, log: silentLog });
  const policy = { context: connection.context, protectedContexts: [], protectedNamespaces: [] };
  if (errand.inject) await injection.injectManifest(errand.inject, policy);
  else {
    const { experiments } = await gateway.list();
    const ours = experiments.filter((one) => one.ours);
    if (errand.change === 'pause') await Promise.all(ours.map(({ ref }) => injection.pause(ref)));
    else if (errand.change === 'resume') await Promise.all(ours.map((one) => injection.resume(one, policy)));
    else await injection.stopAll(ours.map(({ ref }) => ref));
  }
  console.log('done');
  setInterval(() => undefined, 60_000); // an editor stays open
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
