import path from 'node:path';
import { startServer } from '../../scripts/host/processes.mjs';
import { scaledClock } from '../../src/core/base/clock';
import type { Clock } from '../../src/core/base/clock';

/** The demo cluster in a process of its own, and its clock. */
export interface DemoServer {
  kubeconfig: string;
  prometheusUrl: string;
  clock: Clock;
  stop(): Promise<void>;
}

/** Starts one whose time runs `speed` times as fast. */
export async function startDemoServer(root: string, speed: number): Promise<DemoServer> {
  const program = [path.join(root, 'dist/demo.js'), '--serve', '--speed', String(speed)];
  const demo = startServer(process.execPath, program, {}, (line) =>
    line.startsWith('{"kubeconfig"') ? (JSON.parse(line) as { kubeconfig: string; prometheusUrl: string }) : undefined,
  );
  const { kubeconfig, prometheusUrl } = await demo.ready;
  const asked = Date.now();
  const answer = await fetch(`${prometheusUrl}/api/v1/query?query=time()`);
  const { data } = (await answer.json()) as { data: { result: [number, string] } };
  const aheadMs = Number(data.result[1]) * 1000 - asked;
  return { kubeconfig, prometheusUrl, clock: scaledClock(speed, asked, aheadMs), stop: demo.stop };
}
