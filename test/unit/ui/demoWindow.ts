import { afterAll, afterEach, beforeAll } from 'vitest';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { InjectionService } from '../../../src/core/injection/injection';
import { startDemoCluster, type DemoCluster, type DemoOptions } from '../../../src/demo/cluster';
import type { CommandContext } from '../../../src/ui/commands/context';
import type { Config } from '../../../src/ui/session/config';
import type { ClusterSession } from '../../../src/ui/session/session';
import { keepingLog } from '../connection/keepingLog';
import { World } from '../connection/world';
import { desk } from '../editor/desk';
import { ConnectionWorld } from './connectionWorld';

/** A window on the embedded cluster. */
export interface DemoWindow {
  cluster: DemoCluster;
  /** Watches and injects for real. */
  session: ClusterSession;
  /** What commands get; `sessions` has only the session of this window. */
  context: CommandContext;
  pods: [string, string, string];
  log: ReturnType<typeof keepingLog>;
}

/** A window for the tests of a file; it is there from the first `beforeAll` after this call. */
export function useDemoWindow(options: Partial<DemoOptions> = {}, settings: Partial<Config> = {}): DemoWindow {
  const window = {} as DemoWindow;
  let files: World | undefined;
  beforeAll(async () => {
    files = new World();
    window.cluster = await startDemoCluster({ directory: files.directory, historyMinutes: 1, ...options });
    const { clock, kubeconfigPath, topology } = window.cluster;
    window.pods = topology.pods.map(({ name }) => name) as DemoWindow['pods'];
    window.log = keepingLog();
    const { log } = window.log;
    const connected = await new ConnectionWorld(kubeconfigPath, log).session();
    const store = new ExperimentStore({ gateway: connected.experiments, clock });
    const injection = new InjectionService({ gateway: connected.experiments, store, clock, log });
    const config = { ...connected.config, defaultDurationMs: 180_000, ...settings };
    window.session = { ...connected, config, clock, store, injection };
    const sessions = { current: () => Promise.resolve(window.session) };
    window.context = { sessions, log, createdBy: 'test' } as unknown as CommandContext;
  }, 60_000);
  afterEach(() => desk.clear());
  afterAll(async () => {
    window.session?.store.dispose();
    window.session?.dispose();
    files?.dispose();
    await window.cluster?.stop();
  });
  return window;
}
