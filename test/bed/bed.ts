import type { ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENGINES, type ServerPlace, type Start } from './engines';
import { applyFault, send, stress, type FaultTarget } from './faults';
import { call, firstLine, hasEnded } from './host';
import { disown, NODES, ownPlace, removeTraces, type Traces } from './traces';
import type { Bed, BedNode, BedOptions } from './types';

export type { Bed, BedNode, BedOptions, BedPrograms, EngineName, LoadChange } from './types';

const READY_MS = 5 * 60_000;
const NAMESPACE = 'oceanbase';

/** Starts three nodes of an engine under load. Takes down first what an earlier run has left behind. */
export async function startBed(options: BedOptions): Promise<Bed> {
  const bed = new RunningBed(options, await ownPlace(options.engine));
  const endAll = (): void => void bed.endProcesses();
  options.signal?.addEventListener('abort', endAll, { once: true });
  try {
    await bed.start();
    options.signal?.throwIfAborted();
  } catch (error) {
    await bed.stop();
    throw options.signal?.aborted ? new Error('The start was given up; everything is taken down.') : error;
  } finally {
    options.signal?.removeEventListener('abort', endAll);
  }
  return bed;
}

const endOf = ({ exitCode, signalCode }: ChildProcess): string =>
  exitCode === null && signalCode === null
    ? `is not ready after ${READY_MS / 1000} s`
    : `ended (${signalCode ?? `exit code ${exitCode}`})`;

class RunningBed implements Bed {
  readonly engine;
  readonly nodes: BedNode[] = [];
  readonly load = { set: (change: object): Promise<void> => send(`${this.#load}/load`, change) };
  readonly #engine;
  readonly #options;
  readonly #say: (line: string) => void;
  readonly #servers: ChildProcess[] = [];
  #load = '';
  #stopping: Promise<void> | undefined;

  constructor(
    options: BedOptions,
    readonly traces: Traces,
  ) {
    this.engine = options.engine;
    this.#engine = ENGINES[options.engine];
    this.#options = options;
    this.#say = options.say ?? (() => {});
  }

  async start(): Promise<void> {
    const { all, nodes, helpers, noise, folder, router, netns } = this.traces;
    const { cpuShares } = this.#engine;
    mkdirSync(folder, { recursive: true });
    all.create({ cpuShares });
    helpers.create({ cpuShares });
    noise.create({ cpuShares: cpuShares / 3 });
    for (const name of [router, ...netns]) await call('ip', 'netns', 'add', name);
    await call('ip', 'netns', 'exec', router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
    await call('ip', '-n', router, 'link', 'set', 'lo', 'up');
    for (const index of NODES) {
      nodes[index]?.create({ memoryBytes: this.#memoryLimit });
      this.nodes.push(await this.#startHelper(index));
    }
    this.#say(`${this.#engine.title}: the servers start`);
    if (this.#engine.shared) await this.#startCluster();
    else await this.#startServers();
    // Starting and filling are heavy; from here on a node has what its pod has.
    for (const node of NODES) await this.setCpuLimit(node, this.#cpuLimit);
    await this.#startLoad();
  }

  async apply(node: number, fault: Parameters<Bed['apply']>[1]): Promise<() => Promise<void>> {
    return applyFault(this.#target(node), fault);
  }

  async setCpuLimit(node: number, cores: number): Promise<void> {
    this.traces.nodes[node]?.limitCpu(cores);
    this.nodes[node] = { ...(this.nodes[node] as BedNode), cpuLimit: cores };
  }

  /** A neighbour that keeps some of the machine's processors busy, outside the nodes' groups. */
  async makeNoise(workers: number): Promise<() => Promise<void>> {
    return stress({ group: this.traces.noise, log: this.#log('noise') }, ['--cpu', String(workers)]);
  }

  async repair(): Promise<number[]> {
    const ended = NODES.filter((index) => hasEnded(this.#servers[index] as ChildProcess));
    for (const index of ended) await this.#restart(index);
    return ended;
  }

  /** Makes whatever waits for a process of the bed fail. */
  async endProcesses(): Promise<void> {
    await Promise.all([...this.traces.nodes, this.traces.helpers].map((group) => group.end()));
  }

  stop(): Promise<void> {
    this.#stopping ??= removeTraces(this.traces).then(() => disown(this.traces));
    return this.#stopping;
  }

  get #cpuLimit(): number {
    return this.#options.cpuLimit ?? this.#engine.cpuLimit;
  }

  get #memoryLimit(): number {
    return this.#options.memoryLimit ?? this.#engine.memoryLimit;
  }

  #log(name: string): string {
    return path.join(this.traces.folder, `${name}.log`);
  }

  #ip(index: number): string {
    return `10.88.${20 * this.traces.place + this.#engine.subnet + index + 1}.2`;
  }

  #target(node: number): FaultTarget {
    const { helper, group } = { helper: this.#helpers[node], group: this.traces.nodes[node] };
    if (!helper || !group) throw new Error(`there is no node ${node}`);
    return {
      group,
      helper,
      log: this.#log(`stress${node + 1}`),
      filesOf: (volumePath) => this.#engine.filesOf(volumePath),
      addressOf: (peer) => this.nodes.find(({ name }) => name === peer)?.ip ?? peer,
      restart: () => this.#restart(node),
    };
  }

  readonly #helpers: string[] = [];

  /** What stands around a node: files, network, metrics. */
  async #startHelper(index: number): Promise<BedNode> {
    this.#options.signal?.throwIfAborted();
    const { folder, router, netns, nodes, helpers } = this.traces;
    const { name: engine, sqlPort } = this.#engine;
    const inside = netns[index] as string;
    const tunnel = `node${index + 1}`;
    const ip = this.#ip(index);
    const zone = `zone${index + 1}`;
    const name = engine === 'seekdb' ? `obcluster-1-${zone}` : `galera-${index}`;
    const own = { namespace: NAMESPACE, container: 'observer', zone, ip, sqlPort };
    const place = this.#place(index);
    for (const where of ['backing', 'mount']) mkdirSync(path.join(folder, `${where}${index + 1}`));
    const config = {
      ...{ ...own, pod: name, netns: inside, router, tunnel, engine, cgroup: nodes[index]?.path },
      backing: path.join(folder, `backing${index + 1}`),
      mount: path.dirname(place.data),
    };
    const child = helpers.spawn(this.#options.programs.helper, ['node', JSON.stringify(config)], {
      log: this.#log(`helper${index + 1}`),
    });
    const { port } = JSON.parse(await firstLine(child, 'a helper')) as { port: number };
    const gateway = ip.replace(/2$/, '1');
    for (const [space, device, address] of [
      [inside, 'eth0', ip],
      [router, tunnel, gateway],
    ] as const) {
      await call('ip', '-n', space, 'addr', 'add', `${address}/24`, 'dev', device);
      await call('ip', '-n', space, 'link', 'set', device, 'up');
    }
    await call('ip', '-n', inside, 'link', 'set', 'lo', 'up');
    await call('ip', '-n', inside, 'route', 'add', 'default', 'via', gateway);
    const helper = `http://127.0.0.1:${port}`;
    this.#helpers[index] = helper;
    return {
      ...own,
      name,
      cpuLimit: this.#cpuLimit,
      memoryLimit: this.#memoryLimit,
      metricsUrls: { container: `${helper}/metrics/container`, engine: `${helper}/metrics/engine` },
    };
  }

  #place(index: number): ServerPlace {
    return {
      index,
      ip: this.#ip(index),
      peers: NODES.map((peer) => this.#ip(peer)),
      data: path.join(this.traces.folder, `mount${index + 1}`, 'db'),
      socket: path.join(this.traces.folder, `server${index + 1}.sock`),
    };
  }

  async #startServer(index: number, how: Start): Promise<void> {
    this.#options.signal?.throwIfAborted();
    const { program, args, env } = this.#engine.start(this.#place(index), this.#options.programs, how);
    const log = this.#log(`server${index + 1}`);
    const netns = this.traces.netns[index] as string;
    const child = this.traces.nodes[index]?.spawn('ip', ['netns', 'exec', netns, program, ...args], {
      log,
      ...(env && { env }),
    }) as ChildProcess;
    child.stdout?.resume();
    this.#servers[index] = child;
    const end = Date.now() + READY_MS;
    const url = this.nodes[index]?.metricsUrls.engine as string;
    while (!(await this.#isReady(url))) {
      if (hasEnded(child) || Date.now() > end)
        throw new Error(
          `server ${index + 1} does not start: it ${endOf(child)}\n${readFileSync(log, 'utf8').slice(-2000)}`,
        );
      await sleep(500);
    }
  }

  async #isReady(url: string): Promise<boolean> {
    const response = await fetch(url);
    const text = await response.text();
    return response.ok && this.#engine.ready(text);
  }

  /** Three databases, filled side by side. */
  async #startServers(): Promise<void> {
    await Promise.all(NODES.map((index) => this.#startServer(index, 'first')));
    this.#say('the databases are filled');
    await this.#populate();
  }

  /** One database: filled on the first node, whose files the others begin with. */
  async #startCluster(): Promise<void> {
    const backing = (index: number): string => path.join(this.traces.folder, `backing${index + 1}`, 'db');
    const install = ['--no-defaults', '--user=root', '--auth-root-authentication-method=normal', '--skip-test-db'];
    await call('mariadb-install-db', ...install, `--datadir=${backing(0)}`);
    await this.#startServer(0, 'first');
    const sql =
      "create database test; create user root@'%'; grant all on *.* to root@'%' with grant option; flush privileges";
    await call('mariadb', '--no-defaults', '-uroot', '-S', this.#place(0).socket, '-e', sql);
    this.#say('the database is filled');
    await this.#populate();
    await this.traces.nodes[0]?.end('SIGTERM');
    for (const index of [1, 2]) cpSync(backing(0), backing(index), { recursive: true });
    const state = path.join(backing(0), 'grastate.dat');
    writeFileSync(state, readFileSync(state, 'utf8').replace('safe_to_bootstrap: 0', 'safe_to_bootstrap: 1'));
    await this.#startServer(0, 'first');
    for (const index of [1, 2]) await this.#startServer(index, 'join');
  }

  async #restart(index: number): Promise<void> {
    await this.traces.nodes[index]?.end();
    await this.#startServer(index, 'again');
  }

  #loadConfig(): string {
    const { clients, thinkSeconds, remote, archiveRows, shared, sqlPort } = this.#engine;
    const { seed = 1 } = this.#options;
    return JSON.stringify({
      router: this.traces.router,
      addresses: this.nodes.map(({ ip }) => `${ip}:${sqlPort}`),
      ...{ shared, seed, remote, archiveRows },
      clients: this.#options.clients ?? clients,
      thinkSeconds: this.#options.thinkSeconds ?? thinkSeconds,
    });
  }

  async #populate(): Promise<void> {
    this.#options.signal?.throwIfAborted();
    const child = this.traces.helpers.spawn(this.#options.programs.helper, ['populate', this.#loadConfig()], {
      log: this.#log('populate'),
    });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`the tables are not filled:\n${readFileSync(this.#log('populate'), 'utf8')}`);
  }

  async #startLoad(): Promise<void> {
    this.#options.signal?.throwIfAborted();
    const args = ['load', this.#loadConfig()];
    const child = this.traces.helpers.spawn(this.#options.programs.helper, args, { log: this.#log('load') });
    const { port } = JSON.parse(await firstLine(child, 'the load')) as { port: number };
    this.#load = `http://127.0.0.1:${port}`;
    this.#say('the load runs');
  }
}
