import { connect } from '../../../src/adapters/kubernetes/index';
import { systemClock } from '../../../src/core/clock';
import type { ChaosObject } from '../../../src/core/experiment';
import { ExperimentStore } from '../../../src/core/experimentStore';
import { InjectionService } from '../../../src/core/injection';
import { ServerClock } from '../../../src/core/serverClock';
import { silentLog } from '../../support';

/** What an editor of this test is told to do. */
export interface Errand {
  kubeconfig: string;
  /** Is injected; without it, everything of ours is stopped. */
  inject?: ChaosObject;
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
    await injection.stopAll(experiments.filter(({ ours }) => ours).map(({ ref }) => ref));
  }
  console.log('done');
  setInterval(() => undefined, 60_000); // an editor stays open
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
