import { describe, expect, it } from 'vitest';
import { TestProgress } from '../../../src/cli/progress';
import { terminalOn } from '../../../src/cli/terminal';
import type { TestLook } from '../../../src/core/resilience/testResult';
import { ManualClock } from '../../support';

/** What a person sees in the end: each line as it was last written. */
function screen(written: string): string[] {
  return written.split('\n').map((line) => line.split('\r\u001b[K').at(-1) ?? '');
}

const look = (change: Partial<TestLook['phases']>, outcomes: TestLook['outcomes'] = []): TestLook => ({
  outcomes,
  judged: new Map(),
  phases: { before: { fromMs: 0, toMs: 0 }, faultFromMs: undefined, faultToMs: undefined, endMs: undefined, ...change },
});

function started(environment: Record<string, string>, isTTY: boolean) {
  let written = '';
  const terminal = terminalOn({ isTTY, columns: 60, write: (text: string) => (written += text) }, environment);
  const clock = new ManualClock();
  const progress = new TestProgress(terminal, clock, { name: 'busy', totalMs: 60_000 });
  return { terminal, clock, progress, written: () => written };
}

describe('a test on a terminal', () => {
  it('has one line with the time left and what is expected, which makes way for lines that stay', () => {
    const { clock, progress, terminal, written } = started({}, true);
    progress.doing('Injecting the faults …');
    progress.seen(look({ faultFromMs: clock.now() }, [{ name: 'quiet', state: 'pending', expected: '', seen: '' }]));
    clock.advance(18_000);
    expect(screen(written())).toEqual(['busy  Injecting the faults …  42s left  … quiet']);
    const broken = { name: 'quiet', state: 'failed', expected: '', seen: 'Worst: 2.', brokenAt: clock.now() } as const;
    progress.seen(look({ faultFromMs: clock.now() - 18_000 }, [broken]));
    progress.seen(look({ faultFromMs: clock.now() - 18_000 }, [broken]));
    expect(screen(written())).toEqual([
      '  broken: quiet: Worst: 2.',
      'busy  Injecting the faults …  42s left  ✗ quiet',
    ]);
    progress.dispose();
    terminal.say('done');
    expect(screen(written())).toEqual(['  broken: quiet: Worst: 2.', 'done', '']);
  });

  it('never has a line that wraps, which could not be rewritten', () => {
    const { progress, written } = started({}, true);
    progress.doing('x'.repeat(500));
    for (const line of screen(written())) expect(line.length).toBeLessThan(60);
    progress.dispose();
  });
});

describe.each([
  ['no terminal', {}, false],
  ['CI', { CI: 'true' }, true],
] as const)('a test in %s', (_, environment, isTTY) => {
  it('has a line for each thing that happens, and nothing that rewrites or colours', () => {
    const { clock, progress, terminal, written } = started(environment, isTTY);
    progress.doing('Injecting the faults …');
    clock.advance(10_000);
    progress.seen(look({ faultFromMs: 0 }, [{ name: 'quiet', state: 'pending', expected: '', seen: '' }]));
    progress.dispose();
    terminal.say(terminal.paint('passed', 'good'));
    expect(written()).toBe('  Injecting the faults …\npassed\n');
  });
});

it('NO_COLOR turns colours off, and nothing else', () => {
  expect(started({}, true).terminal.paint('passed', 'good')).toBe('\u001b[32mpassed\u001b[0m');
  const { terminal } = started({ NO_COLOR: '1' }, true);
  expect(terminal.paint('passed', 'good')).toBe('passed');
  expect(terminal.live).toBe(true);
});
