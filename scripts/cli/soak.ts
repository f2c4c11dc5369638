import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ImpatientClients } from './soak/impatience';
import { Injections } from './soak/injections';
import { openTourWorld, type TourWorld } from './tour/tourWorld';

/**
 * npm run soak: a demo cluster under all that an editor does to it, for long: several editors that watch, chart and
 * diagnose, injections of every kind, and clients that leave in the middle. Prints a line of JSON every half minute
 * (seconds, resident MiB of the cluster's process, the longest wait for /healthz in ms, injections, clients that left);
 * exits 1 when the cluster ended. Linux: the figures are read from /proc.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      nodes: { type: 'string', default: '30' },
      minutes: { type: 'string', default: '60' },
      editors: { type: 'string', default: '2' },
      'heap-mib': { type: 'string' },
    },
  });
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-soak-'));
  const demo = path.join(__dirname, '..', 'demo.js');
  const limits = values['heap-mib'] ? [`--max-old-space-size=${values['heap-mib']}`] : [];
  const args = [...limits, demo, '--serve', '--with-parent', '--nodes', values.nodes, '--directory', directory];
  const cluster = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const over = new AbortController();
  let said = '';
  cluster.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-20_000)));
  const ended = new Promise<string>((resolve) =>
    cluster.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`)),
  );
  const facts = new Promise<string>((resolve) =>
    cluster.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => over.abort());
  const worlds: TourWorld[] = [];
  let why: string | undefined;
  void ended.then((how) => {
    why = how;
    over.abort();
  });
  try {
    const line = await Promise.race([facts, ended]);
    if (why !== undefined) throw new Error(`The cluster did not start: ${why}\n${said}`);
    const { kubeconfig, prometheusUrl } = JSON.parse(line) as { kubeconfig: string; prometheusUrl: string };
    for (let i = 0; i < Number(values.editors); i++) {
      const world = await openTourWorld({
        directory,
        kubeconfig,
        prometheusUrl: i % 2 === 0 ? prometheusUrl : '', // the other by the API server's proxy
        speed: 1,
        nodes: 0,
        seed: 1,
        stepMs: 5000,
      });
      world.store.subscribe(() => undefined);
      world.monitor.subscribe(() => undefined);
      worlds.push(world);
    }
    const first = worlds[0] as TourWorld;
    const targets = await first.targets.list(first.query);
    const injections = worlds.map((world) => new Injections(world, targets));
    const impatient = new ImpatientClients(kubeconfig, over.signal);
    const work = [...injections.map((one, n) => one.run(over.signal, n)), impatient.run(), impatient.run()];
    const figures = report(cluster.pid as number, prometheusUrl, over.signal, () => ({
      injections: injections.reduce((sum, { done }) => sum + done, 0),
      refusals: injections.flatMap(({ refusals }) => [...refusals.entries()]),
      left: impatient.left,
    }));
    await Promise.race([delay(Number(values.minutes) * 60_000), ended, aborted(over.signal)]);
    const crashed = why as string | undefined;
    over.abort();
    await Promise.race([Promise.allSettled([...work, figures]), delay(10_000)]);
    if (crashed !== undefined) console.log(`The cluster ended: ${crashed}. Its last words:\n${said}`);
    return crashed === undefined ? 0 : 1;
  } finally {
    cluster.stdin.end();
    await Promise.race([Promise.allSettled(worlds.map((world) => world.close())), delay(5000)]);
    await Promise.race([ended, delay(5000)]);
    cluster.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** Prints the figures of a process until the signal. */
async function report(pid: number, url: string, signal: AbortSignal, counts: () => object): Promise<void> {
  const started = Date.now();
  let slowest = 0;
  let told = started;
  while (!signal.aborted) {
    const asked = Date.now();
    await fetch(`${url}/-/healthy`, { signal }).catch(() => undefined);
    slowest = Math.max(slowest, Date.now() - asked);
    if (Date.now() - told >= 30_000 && !signal.aborted) {
      const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      const seconds = Math.round((Date.now() - started) / 1000);
      console.log(
        JSON.stringify({ seconds, residentMiB: Math.round(Number(resident) / 1024), slowestMs: slowest, ...counts() }),
      );
      slowest = 0;
      told = Date.now();
    }
    await delay(250, undefined, { signal }).catch(() => undefined);
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    process.exit(1);
  },
);
