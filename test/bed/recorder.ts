import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseExposition, type ExposedSample } from './exposition';
import type { SamplesWriter, Source } from './samples';
import type { BedNode } from './types';

/** Between two scrapes, milliseconds. */
export const SCRAPE_MS = 5000;
const TIMEOUT_MS = 4000;
const SOURCES: readonly Source[] = ['container', 'engine'];

/** Scrapes every node's exporters, at whole multiples of the interval, until the signal. */
export async function record(nodes: readonly BedNode[], writer: SamplesWriter, signal: AbortSignal): Promise<void> {
  let before = processorTimes();
  while (!signal.aborted) {
    await sleep(SCRAPE_MS - (Date.now() % SCRAPE_MS), undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const now = processorTimes();
    writer.happening({ event: 'host', t: Date.now(), busy: busyShare(before, now) });
    before = now;
    await Promise.all(
      nodes.flatMap((_, node) =>
        SOURCES.map(async (source) => {
          const t = Date.now();
          // Asked for at each turn: a node's addresses may have changed.
          const samples = await scrape(nodes[node]?.metricsUrls[source] as string);
          writer.scrape({ t, node, source, samples });
        }),
      ),
    );
  }
}

async function scrape(url: string): Promise<ExposedSample[] | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return response.ok ? parseExposition(await response.text()) : undefined;
  } catch {
    return undefined;
  }
}

/** Of all processors together: ticks since the machine's start, by state. */
function processorTimes(): number[] {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  return line.trim().split(/\s+/).slice(1).map(Number);
}

function busyShare(before: readonly number[], now: readonly number[]): number {
  const spent = now.slice(0, 8).map((ticks, state) => ticks - (before[state] ?? 0));
  const all = spent.reduce((sum, ticks) => sum + ticks, 0);
  const idle = (spent[3] ?? 0) + (spent[4] ?? 0); // idle, and waiting for a disk
  return all > 0 ? Math.round(1000 * (1 - idle / all)) / 1000 : 1;
}
