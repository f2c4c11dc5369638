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

const outcome = (name: string, state: TestLook['outcomes'][number]['state']) => ({
  name,
  state,
  expected: '',
  seen: '',
});

function started(environment: Record<string, string>, isTTY: boolean, columns = 60, name = 'busy') {
  let written = '';
  const terminal = terminalOn({ isTTY, columns, write: (text: string) => (written += text) }, environment);
  const clock = new ManualClock();
  const progress = new TestProgress(terminal, clock, { name, totalMs: 60_000 });
  return { terminal, clock, progress, written: () => written, line: () => screen(written).at(-1) };
}

describe('a test on a terminal', () => {
  it('has one line with the time left and what is expected, which makes way for lines that stay', () => {
    const { clock, progress, terminal, written } = started({}, true);
    progress.doing('Injecting the faults …');
    expect(screen(written())).toEqual(['busy  Injecting the faults …']);
    clock.advance(2_000);
    progress.seen(look({ faultFromMs: clock.now() }, [outcome('quiet', 'pending')]));
    clock.advance(18_000);
    expect(screen(written())).toEqual(['busy  The faults act …  42s left  … quiet']);
    const broken = { name: 'quiet', state: 'failed', expected: '', seen: 'Worst: 2.', brokenAt: clock.now() } as const;
    progress.seen(look({ faultFromMs: clock.now() - 18_000 }, [broken]));
    progress.seen(look({ faultFromMs: clock.now() - 18_000 }, [broken]));
    const event = '  [20s] broken: quiet: Worst: 2.';
    expect(screen(written())).toEqual([event, 'busy  The faults act …  42s left  ✗ quiet']);
    progress.doing('Ending the faults …');
    expect(screen(written())).toEqual([event, 'busy  Ending the faults …  ✗ quiet']);
    progress.dispose();
    terminal.say('done');
    expect(screen(written())).toEqual([event, 'done', '']);
  });

  const many = [
    ...['throughput', 'latency of updates'].map((name) => outcome(name, 'passed')),
    outcome('guard', 'failed'),
    outcome('samples', 'inconclusive'),
    ...['recovery', 'diagnosis', 'no restart'].map((name) => outcome(name, 'pending')),
  ];

  it.each([
    [80, 'busy', 'busy  The faults act …  1m left  2 passed, 1 broken, 1 unclear, 3 open'],
    [80, 'a name of a test that is rather long', 'The faults act …  1m left  2 passed, 1 broken, 1 unclear, 3 open'],
    [40, 'busy', 'The faults act …  1m left'],
    [20, 'busy', 'The faults act…'],
    [10, 'busy', 'The…'],
  ])('of %i columns counts the states of the test "%s" that it has no room for', (columns, name, line) => {
    const begun = started({}, true, columns, name);
    begun.progress.doing('Injecting the faults …');
    begun.progress.seen(look({ faultFromMs: begun.clock.now() }, many));
    expect(begun.line()).toBe(line);
    begun.progress.dispose();
  });

  it('never has a line that wraps, which could not be rewritten', () => {
    for (const text of ['x'.repeat(500), 'ab '.repeat(200), '故障'.repeat(60), '🦊'.repeat(60)]) {
      const { progress, line } = started({}, true);
      progress.doing(text);
      const shown = line() ?? '';
      expect(shown).toMatch(/[xb障故🦊]…$/u);
      expect([...shown].reduce((sum, one) => sum + (/[故障🦊]/u.test(one) ? 2 : 1), 0)).toBeLessThan(60);
      progress.dispose();
    }
  });
});

describe.each([
  ['no terminal', {}, false],
  ['CI', { CI: 'true' }, true],
] as const)('a test in %s', (_, environment, isTTY) => {
  it('has a line for each thing that happens with its time, and nothing that rewrites or colours', () => {
    const { clock, progress, terminal, written } = started(environment, isTTY);
    progress.doing('Injecting the faults …');
    clock.advance(10_000);
    const faultFromMs = clock.now();
    progress.seen(look({ faultFromMs }, [outcome('quiet', 'pending')]));
    clock.advance(2_000);
    progress.seen(look({ faultFromMs }, [outcome('quiet', 'pending')]));
    clock.advance(60_000);
    progress.doing('Watching the recovery …');
    progress.dispose();
    terminal.say(terminal.paint('passed', 'good'));
    expect(written().split('\n')).toEqual([
      '  [0s] Injecting the faults …',
      '  [10s] The faults act for 1m …',
      '  [1m12s] Watching the recovery …',
      'passed',
      '',
    ]);
  });
});

it('NO_COLOR turns colours off, and nothing else', () => {
  expect(started({}, true).terminal.paint('passed', 'good')).toBe('\u001b[32mpassed\u001b[0m');
  const { terminal } = started({ NO_COLOR: '1' }, true);
  expect(terminal.paint('passed', 'good')).toBe('passed');
  expect(terminal.live).toBe(true);
});

it('no line ends with spaces, and tabs between fields are kept', () => {
  const { terminal, written } = started({}, false);
  terminal.say('a  \n b \nc\t');
  expect(written()).toBe('a\n b\nc\t\n');
});
