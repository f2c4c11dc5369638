import { rmSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DemoStartError,
  endText,
  type DemoFacts,
  type DemoKeeper,
  type DemoNews,
} from '../../core/cluster/demoCluster';
import { ClusterProcess, type ProcessOptions } from './clusterProcess';

export { endText } from '../../core/cluster/demoCluster';

/** How a demo cluster is run, and how often it may end. */
export interface KeeperOptions extends ProcessOptions {
  news: DemoNews;
  /** How often it is started again within ten minutes; 0: never. */
  restarts: number;
  /** How long it may take to answer, and to end when it is asked to, milliseconds. */
  startMs: number;
  endMs: number;
  /** The pause before it is started again, which doubles each time, milliseconds. */
  pauseMs?: number;
}

/** Ends before that are forgiven, milliseconds. */
const FORGIVEN_MS = 10 * 60_000;

/** Keeps a demo cluster running. */
export function createDemoKeeper(options: KeeperOptions): DemoKeeper {
  return new Keeper(options);
}

class Keeper implements DemoKeeper {
  readonly #options: KeeperOptions;
  readonly #over = new AbortController();
  readonly #restartedAt: number[] = [];
  #process: ClusterProcess | undefined;
  #stopped: Promise<void> | undefined;
  #failed = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  async start(): Promise<DemoFacts> {
    const cluster = this.#run(false);
    const facts = await this.#answer(cluster);
    void this.#keep(cluster);
    return facts;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#over.abort();
    await this.#process?.stop(this.#options.endMs);
    rmSync(this.#options.directory, { recursive: true, force: true, maxRetries: 5 });
    const { logFile } = this.#options;
    if (!this.#failed || statSync(logFile, { throwIfNoEntry: false })?.size === 0) rmSync(logFile, { force: true });
  }

  get #isOver(): boolean {
    return this.#over.signal.aborted;
  }

  #run(resume: boolean): ClusterProcess {
    if (this.#isOver) throw new DemoStartError('stopped', { stopped: true });
    return (this.#process = new ClusterProcess(this.#options, resume));
  }

  /** Its facts, or why there are none. */
  async #answer(cluster: ClusterProcess): Promise<DemoFacts> {
    const { startMs, endMs } = this.#options;
    const settled = new AbortController();
    const late = delay(startMs, 'late' as const, { signal: settled.signal }).catch(() => 'late' as const);
    const first = await Promise.race([cluster.facts, cluster.ended.then((end) => ({ end })), late]);
    settled.abort();
    if (this.#isOver) throw new DemoStartError('stopped', { stopped: true });
    if (first === 'late') {
      this.#failed = true;
      await cluster.stop(endMs);
      throw new DemoStartError(`it did not answer in ${Math.round(startMs / 1000)} s`);
    }
    if (!('end' in first)) return first;
    this.#failed = true;
    throw new DemoStartError(`it ended (${endText(first.end)})`, { end: first.end });
  }

  /** Starts it again as often as it ends, until that is too often. */
  async #keep(first: ClusterProcess): Promise<void> {
    const { news, restarts, pauseMs = 500 } = this.#options;
    for (let cluster = first; ;) {
      const end = await cluster.ended;
      if (this.#isOver) return;
      this.#failed = true;
      const turn = this.#turn();
      if (turn > restarts) return news.gaveUp(end);
      news.restarting(end, turn, restarts);
      await delay(pauseMs * 2 ** (turn - 1), undefined, { signal: this.#over.signal }).catch(() => undefined);
      if (this.#isOver) return;
      cluster = this.#run(true);
      // How it failed is told by its end.
      await this.#answer(cluster).then(
        (facts) => news.restarted(facts),
        () => undefined,
      );
    }
  }

  /** The how manieth end of the last minutes this is. */
  #turn(): number {
    const now = Date.now();
    this.#restartedAt.push(now);
    return this.#restartedAt.filter((at) => at > now - FORGIVEN_MS).length;
  }
}
