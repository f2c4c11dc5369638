import { getEventListeners } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/core/base/clock';
import { onAbort } from '../../../src/core/time/onAbort';
import { sleep, untilAborted } from '../../../src/core/time/waiting';

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

it('however many wait for a signal, it has one listener, and none when nobody waits', () => {
  const { signal } = new AbortController();
  const waiting = Array.from({ length: 40 }, () => onAbort(signal, () => undefined));
  expect(listeners(signal)).toBe(1);
  for (const one of waiting.slice(1)) one.dispose();
  expect(listeners(signal)).toBe(1);
  waiting[0]?.dispose();
  waiting[0]?.dispose();
  expect(listeners(signal)).toBe(0);
  onAbort(signal, () => undefined);
  expect(listeners(signal)).toBe(1);
});

it('calls everyone once, but not who has left', () => {
  const controller = new AbortController();
  const [first, left, last] = [vi.fn(), vi.fn(), vi.fn()];
  onAbort(controller.signal, first);
  onAbort(controller.signal, first);
  const leaving = onAbort(controller.signal, left);
  onAbort(controller.signal, last);
  leaving.dispose();
  controller.abort();
  onAbort(controller.signal, last);
  expect([first, left, last].map((one) => one.mock.calls.length)).toEqual([2, 0, 1]);
});

it('a hundred waits on one signal bring no warning and leave nothing behind', async () => {
  const warned = vi.fn();
  process.on('warning', warned);
  const { signal } = new AbortController();
  await Promise.all(
    Array.from({ length: 50 }, (_, i) => [
      sleep(systemClock, i % 5, signal),
      untilAborted(sleep(systemClock, i % 5), signal),
    ]).flat(),
  );
  await new Promise((resolve) => setTimeout(resolve, 20)); // a warning comes a turn later
  process.off('warning', warned);
  expect(warned).not.toHaveBeenCalled();
  expect(listeners(signal)).toBe(0);
});

it('is how all of the sources wait for a signal', () => {
  const source = path.join(__dirname, '../../../src');
  const own = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== path.join('core', 'time', 'onAbort.ts'))
    .filter((file) =>
      /addEventListener\('abort'|[sS]etMaxListeners/.test(readFileSync(path.join(source, file), 'utf8')),
    );
  expect(own).toEqual([]);
});
