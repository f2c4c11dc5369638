// node sweep.mjs FOLDER [LOG]: removes a folder, and a log where nothing is in it, when whoever started this one has ended,
// however it did: standard input tells.
// What was started there hears of it as well, and may still write for some seconds.
import { existsSync, rmSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const [folder, log] = process.argv.slice(2);
const LONGEST_MS = 30_000;
/** So long it must stay away, unless it was gone already when its owner ended. */
const STAYS_MS = 6000;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
process.stdin.on('end', () => void sweep()).resume();

async function sweep() {
  if (log && statSync(log, { throwIfNoEntry: false })?.size === 0) rmSync(log, { force: true });
  if (!existsSync(folder)) return;
  const started = Date.now();
  for (let seen = started; Date.now() - started < LONGEST_MS && Date.now() - seen < STAYS_MS; await delay(250)) {
    if (existsSync(folder)) seen = Date.now();
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Somebody is writing: again.
    }
  }
}
