import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { msg, type Message } from '../../../src/core/base/text';
import { compareRuns } from '../../../src/core/resilience/runs/compareRuns';
import type { Outcome } from '../../../src/core/resilience/outcome';
import { startOf, type TestRun } from '../../../src/core/resilience/runs/testRun';
import { lastPassedBefore, TestRunBook } from '../../../src/core/resilience/runs/testRunBook';
import { readTestRuns, writeTestRuns } from '../../../src/core/resilience/runs/testRunFormat';

const run = (id: string, atMs: number, given: Partial<TestRun> = {}): TestRun => ({
  id,
  where: 'dev https://one',
  context: 'dev',
  scenario: 'busy',
  verdict: 'passed',
  reason: undefined,
  phases: {
    before: { fromMs: atMs - 300, toMs: atMs - 1 },
    faultFromMs: atMs,
    faultToMs: atMs + 100,
    endMs: atMs + 200,
  },
  steps: [{ fault: 'cpu_stress', pods: ['n0'], parameters: { workers: 1, load: 100 } }],
  outcomes: [{ name: 'throughput', state: 'passed', expected: 'db.commits ≥ 1', seen: 'Worst: 2.', worst: 2 }],
  ...given,
});
const outcome = (given: Partial<Outcome>): Outcome => ({
  name: 'one',
  state: 'passed',
  expected: '',
  seen: '',
  ...given,
});

describe('the file of runs', () => {
  it('gives back what was kept', () => {
    const runs = [run('a', 1000), run('b', 2000, { verdict: 'aborted', reason: 'Cancelled.' })];
    expect(readTestRuns(writeTestRuns(runs, 7))).toEqual({ items: runs, clearedAt: 7, damaged: 0 });
  });

  it('keeps who led, and where a run came from; a file from before has neither', () => {
    const steps = [{ ...run('a', 1).steps[0]!, leader: 'n0' }];
    const runs = [run('a', 1000, { steps, imported: { from: 'ci/report.json', at: 5000 } }), run('b', 2000)];
    expect(readTestRuns(writeTestRuns(runs, 0)).items).toEqual(runs);
  });

  it('keeps texts so that they can be said in another language later', () => {
    const seen = msg`Worst: ${'2'}, for ${msg`${40}s`}.`;
    const kept = run('a', 1000, { reason: msg`"${'guard'}" failed: ${seen}`, outcomes: [outcome({ seen })] });
    const { items: runs } = readTestRuns(writeTestRuns([kept], 0));
    expect(runs).toEqual([kept]);
    expect(String(runs[0]?.reason)).toBe('"guard" failed: Worst: 2, for 40s.');
    expect((runs[0]?.outcomes[0]?.seen as Message).template).toBe('Worst: {0}, for {1}.');
  });

  it('is read by a version that knows less, and where it is damaged', () => {
    const newer = {
      version: 1,
      clearedAt: 0,
      more: true,
      runs: [
        { ...run('a', 1000), more: 1, steps: [{ fault: 'laser_beam', pods: [] }, ...run('a', 1).steps] },
        { ...run('b', 2000), verdict: 'perhaps' },
        { ...run('c', 2000), phases: {} },
        'nonsense',
      ],
    };
    expect(readTestRuns(JSON.stringify(newer))).toEqual({ items: [run('a', 1000)], clearedAt: 0, damaged: 3 });
    for (const text of ['', '{', '[]', '{"version":2,"runs":[]}'])
      expect(readTestRuns(text)).toEqual({ items: [], clearedAt: 0, damaged: 1 });
  });

  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, inside) => {
        readTestRuns(JSON.stringify(value));
        readTestRuns(JSON.stringify({ version: 1, runs: [inside, { ...run('a', 1), phases: inside, steps: value }] }));
      }),
    );
  });
});

describe('the book of runs', () => {
  it('keeps the newest, each once, and forgets what was cleared', () => {
    const book = new TestRunBook(2);
    book.merge([run('a', 1000), run('c', 3000)]);
    book.merge([run('b', 2000), run('c', 3000)]);
    expect(book.all.map(({ id }) => id)).toEqual(['c', 'b']);
    book.clear(2500);
    expect(book.clearedAt).toBe(3000);
    book.merge([run('c', 3000), run('d', 4000)]);
    expect(book.all.map(({ id }) => id)).toEqual(['d']);
  });

  it('keeps what was imported after a clearing, however old it is, until the next one', () => {
    const book = new TestRunBook();
    book.clear(5000);
    book.merge([run('own', 3000), run('imported', 2000, { imported: { from: 'a.json', at: 6000 } })]);
    expect(book.all.map(({ id }) => id)).toEqual(['imported']);
    book.clear(5500); // the clock of another window may be behind
    expect(book.all).toEqual([]);
    book.merge([run('imported', 2000, { imported: { from: 'a.json', at: 6000 } })]);
    expect(book.all).toEqual([]);
  });

  it('knows the last run of a scenario on a cluster that passed before', () => {
    const now = run('now', 5000, { verdict: 'failed' });
    const runs = [
      now,
      run('later', 6000),
      run('elsewhere', 4500, { where: 'prod' }),
      run('another', 4400, { scenario: 'slow' }),
      run('failed', 4300, { verdict: 'failed' }),
      run('passed', 4000),
      run('older', 3000),
    ];
    expect(lastPassedBefore(now, runs)?.id).toBe('passed');
    expect(lastPassedBefore(run('x', 3000), runs)).toBeUndefined();
  });
});

describe('two runs compared', () => {
  it('begin at once, and are shown for as long as the longer one took', () => {
    const before = run('a', 1_000_000, { phases: { ...run('a', 1_000_000).phases, endMs: 1_900_000 } });
    const { shiftMs, span } = compareRuns(before, run('b', 5_000_000));
    expect(shiftMs).toBe(4_000_000);
    expect(span).toEqual({ fromMs: 5_000_000 - 120_000, toMs: 5_900_000 });
    expect(startOf(run('c', 1000, { phases: { ...run('c', 1000).phases, faultFromMs: undefined } }))).toBe(999);
  });

  it.each<[string, Partial<Outcome> | undefined, Partial<Outcome> | undefined, string | undefined]>([
    ['is worse where it fails now', { state: 'passed' }, { state: 'failed' }, 'worse'],
    ['is better where it was not known', { state: 'inconclusive' }, { state: 'passed' }, 'better'],
    ['is better where it is back sooner', { recoveryMs: 60_000 }, { recoveryMs: 20_000 }, 'better'],
    ['is the same where it is back as soon', { recoveryMs: 60_000 }, { recoveryMs: 65_000 }, 'same'],
    ['is worse where it fell deeper', { depth: 0.2 }, { depth: 0.6 }, 'worse'],
    ['is the same where it fell as deep', { depth: 0.2 }, { depth: 0.25 }, 'same'],
    ['says nothing where it is new', undefined, {}, undefined],
    ['says nothing where it is gone', {}, undefined, undefined],
  ])('an expectation %s', (_, before, now, change) => {
    const of = (id: string, atMs: number, given: Partial<Outcome> | undefined): TestRun =>
      run(id, atMs, { outcomes: given ? [outcome(given)] : [] });
    const { differences } = compareRuns(of('a', 1000, before), of('b', 2000, now));
    expect(differences.map((one) => [one.name, one.change])).toEqual([['one', change]]);
  });
});
