import { describe, expect, it } from 'vitest';
import type { ExperimentSpan } from '../../../src/core/experiments/spans';
import type { DiagnosisSample } from '../../../src/core/evaluation/sample';
import { precisionOf } from '../../../src/core/evaluation/precision';
import { scoreboard, type Scoreboard } from '../../../src/core/evaluation/scoreboard';
import type { JudgingTimes } from '../../../src/core/evaluation/times';
import { look, looks, NODES, s, span } from './build';

const times: JudgingTimes = { windowMs: 60_000, gapMs: 60_000 };
const score = (spans: ExperimentSpan[], all: DiagnosisSample[], now = 10_000): Scoreboard =>
  scoreboard({ spans, looks: all, times, nowMs: s(now) });

describe('precision at k', () => {
  const { ranking } = look(0, 'n1 cpu_stress!', 'n2 cpu_stress', 'n2 disk_stress!', 'n3 cpu_stress');
  it('is the share of true pairs among the first k, of as many as can be there', () => {
    expect(precisionOf(ranking, new Set(['n1\ncpu_stress']))).toEqual({ 1: 1, 3: 1, 5: 1 });
    expect(precisionOf(ranking, new Set(['n2\ncpu_stress']))).toEqual({ 1: 0, 3: 1, 5: 1 });
    // Two true pairs, at the places 1 and 3: 1/1, 2/2, 2/2.
    expect(precisionOf(ranking, new Set(['n1\ncpu_stress', 'n2\ndisk_stress']))).toEqual({ 1: 1, 3: 1, 5: 1 });
    // Four true pairs, three of them ranked at 1, 2 and 4: 1/1, 2/3, 3/4.
    const four = new Set(['n1\ncpu_stress', 'n2\ncpu_stress', 'n3\ncpu_stress', 'n3\ndisk_stress']);
    expect(precisionOf(ranking, four)).toEqual({ 1: 1, 3: 2 / 3, 5: 3 / 4 });
  });
});

describe('an extended experiment', () => {
  const first = span('a', 'cpu_stress', ['n1'], 100, 280);
  const second = { ...span('b', 'cpu_stress', ['n1'], 290, 500), continues: 'a' };
  const told = looks(0, 900, (at) => (at > 120 && at <= 520 ? ['n1 cpu_stress!'] : []));

  it('counts once, from the first injection to the last recovery', () => {
    const board = score([first, second], told);
    expect(board).toMatchObject({ judged: 1, seen: 1, namedFirst: 1 });
    expect(board.verdicts).toHaveLength(1);
    expect(board.verdicts[0]).toMatchObject({
      carriedOver: false,
      seen: { afterMs: 35_000 },
      healed: { afterMs: 25_000 },
      span: { key: 'b', fromMs: s(100), toMs: s(500), earlier: [{ key: 'a' }] },
    });
  });

  it('is taken through several extensions, and only for what it can be', () => {
    const third = { ...span('c', 'cpu_stress', ['n1', 'n2'], 510, 600), continues: 'b' };
    const [whole] = score([first, second, third], told).verdicts;
    expect(whole?.span).toMatchObject({ nodes: ['n1', 'n2'], fromMs: s(100) });
    expect(whole?.span.earlier?.map(({ key }) => key)).toEqual(['a', 'b']);
    for (const other of [
      { ...second, label: 'disk_stress' },
      { ...second, ours: false },
      { ...second, continues: 'b' },
      { ...second, fromMs: s(50) },
    ])
      expect(score([first, other], told).verdicts.some(({ span: one }) => one.earlier)).toBe(false);
  });
});

describe('one experiment', () => {
  const one = span('a', 'cpu_stress', ['n1'], 100, 400);
  const told = looks(0, 900, (at) => {
    if (at === 120) return ['n2 disk_stress!', 'n1 cpu_stress!']; // seen at +20 s, but below a false name
    if (at > 120 && at <= 435) return ['n1 cpu_stress!', 'n2 cpu_stress'];
    return ['n3 cpu_stress', 'n1 cpu_stress'];
  });

  it('was seen, named first and healed after how long, and which false name was given', () => {
    const board = score([one], told);
    const [verdict] = board.verdicts;
    expect(verdict).toMatchObject({
      state: 'seen',
      seen: { at: s(120), afterMs: 20_000 },
      first: { at: s(135), afterMs: 35_000 },
      healed: { at: s(450), afterMs: 50_000 },
      carriedOver: false,
      namedPairs: 1,
      allPairs: 1,
      falseNames: [{ node: 'n2', type: 'disk_stress', at: s(120), looks: 1, probability: 0.9 }],
      answeredBy: ['model 1 (cpu)'],
    });
    // Its window is full from 160 s on: all those looks rank it first.
    expect(verdict?.precision).toEqual({ 1: 1, 3: 1, 5: 1 });
    expect(board).toMatchObject({ judged: 1, seen: 1, namedFirst: 1, cases: 1, seenAfterMs: 20_000 });
    expect(board.healedAfterMs).toBe(50_000);
  });

  it('is no false name where its node was anomalous of something unknown, and one where another was', () => {
    const at = (seconds: number): string[] =>
      seconds === 120 ? ['n1 unknown_anomaly!', 'n3 unknown_anomaly!'] : seconds > 120 ? ['n1 cpu_stress!'] : [];
    const [verdict] = score([one], looks(0, 400, at)).verdicts;
    expect(verdict?.falseNames).toMatchObject([{ node: 'n3', type: 'unknown_anomaly', looks: 1 }]);
  });

  it('counts quiet time without the experiment and two minutes after it', () => {
    // 0…90 before it (100 is no look), 525…900 after 400 + 120.
    const board = score([one], told);
    expect(board.quietMs).toBe(90_000 + 375_000);
    expect(board.falseAlarms).toBe(0);
    expect(board.falseAlarmsPerHour).toBe(0);
  });

  it('that still acts waits to be named, and is missed when it never was', () => {
    const silent = looks(0, 600, () => ['n2 cpu_stress', 'n1 cpu_stress']);
    const acting = score([span('a', 'cpu_stress', ['n1'], 100)], silent, 600).verdicts[0];
    expect(acting).toMatchObject({ state: 'waiting', seen: undefined, precision: { 1: 0, 3: 1, 5: 1 } });
    expect(score([one], silent, 450).verdicts[0]?.state).toBe('waiting'); // its window may still tell
    const board = score([one], silent);
    expect(board.verdicts[0]).toMatchObject({ state: 'missed', healed: undefined });
    expect(board).toMatchObject({ judged: 1, seen: 0, namedFirst: 0, seenAfterMs: undefined });
    expect(board.ac).toEqual({ 1: 0, 3: 1, 5: 1 });
  });

  it('is not judged where nobody looked, only at its edge, or by looks that had no answer', () => {
    expect(score([one], []).verdicts[0]?.state).toBe('unobserved');
    expect(score([one], [look(105, 'n1 cpu_stress')]).verdicts[0]?.state).toBe('unobserved');
    const unanswered = told.map((one_) => ({ ...one_, answered: false }));
    const board = score([one], unanswered);
    expect(board.verdicts[0]?.state).toBe('unobserved');
    expect(board).toMatchObject({ judged: 0, cases: 0, ac: undefined, quietMs: 0, falseAlarmsPerHour: undefined });
  });

  it('that was over before a window was full of it is out of the score', () => {
    const short = span('a', 'cpu_stress', ['n1'], 100, 130);
    expect(
      score(
        [short],
        looks(0, 600, () => []),
      ).verdicts[0]?.state,
    ).toBe('tooShort');
    const seen = score(
      [short],
      looks(0, 600, (at) => (at >= 135 && at <= 180 ? ['n1 cpu_stress!'] : [])),
    );
    expect(seen.verdicts[0]).toMatchObject({ state: 'seen', seen: { afterMs: 35_000 }, precision: undefined });
    expect(seen.cases).toBe(0);
  });

  it('of a kind without a name, or on nodes that are not watched, is told so and judges nothing', () => {
    const kill = span('k', 'PodChaos', ['n1'], 100, 400);
    const elsewhere = span('e', 'cpu_stress', ['other-1'], 100, 400);
    const wrong = looks(0, 600, (at) => (at > 100 && at < 400 ? ['n2 disk_stress!'] : []));
    for (const [experiment, state] of [
      [kill, 'notDiagnosable'],
      [elsewhere, 'notWatched'],
    ] as const) {
      const board = score([experiment], wrong);
      expect(board.verdicts[0]).toMatchObject({ state, falseNames: [], precision: undefined });
      expect(board).toMatchObject({ judged: 0, cases: 0, falseAlarms: 0 });
    }
  });

  it('that was looked at late is seen, but its delay is not counted', () => {
    const late = score(
      [one],
      looks(285, 900, (at) => (at <= 430 ? ['n1 cpu_stress!'] : [])),
    );
    expect(late.verdicts[0]).toMatchObject({ state: 'seen', lookedLate: true });
    expect(late.seenAfterMs).toBeUndefined();
    const [inTime] = score([one], told).verdicts;
    expect(inTime?.lookedLate).toBe(false);
    // Also where it was looked at before, but not for a while.
    const gap = [...looks(0, 105, () => []), ...looks(285, 900, (at) => (at <= 430 ? ['n1 cpu_stress!'] : []))];
    expect(score([one], gap).verdicts[0]?.lookedLate).toBe(true);
  });

  it('whose pair was already named is seen, but its delay is not counted', () => {
    const board = score(
      [one],
      looks(0, 900, (at) => (at >= 60 && at <= 430 ? ['n1 cpu_stress!'] : [])),
    );
    expect(board.verdicts[0]).toMatchObject({ state: 'seen', carriedOver: true });
    expect(board.seenAfterMs).toBeUndefined();
    expect(board.falseAlarms).toBe(1); // it was named before there was anything
  });
});

describe('several at once', () => {
  const cpu = span('a', 'cpu_stress', ['n1'], 100, 400);
  const disk = span('b', 'disk_stress', ['n2'], 103, 398);

  it('are one case, and each is named first when no false pair stands above it', () => {
    const board = score(
      [cpu, disk],
      looks(0, 900, (at) =>
        at < 120 || at > 420 ? [] : ['n1 cpu_stress!', 'n2 disk_stress!', 'n3 network_delay!', 'n3 cpu_stress'],
      ),
    );
    expect(board.cases).toBe(1);
    expect(board.ac).toEqual({ 1: 1, 3: 1, 5: 1 });
    expect(board.verdicts.map(({ span: { key }, first }) => [key, first?.afterMs])).toEqual([
      ['b', 17_000],
      ['a', 20_000],
    ]);
    expect(board.verdicts[0]?.falseNames).toMatchObject([{ node: 'n3', type: 'network_delay' }]);
  });

  it('score 1, 1/2, 1/2 when one of two is ranked and the other never', () => {
    const board = score(
      [cpu, disk],
      looks(0, 900, (at) => (at < 120 || at > 420 ? [] : ['n1 cpu_stress!', 'n3 cpu_stress'])),
    );
    expect(board.ac).toEqual({ 1: 1, 3: 0.5, 5: 0.5 });
    expect(board).toMatchObject({ judged: 2, seen: 1, namedFirst: 1 });
  });

  it('are two cases where one begins long after the other', () => {
    const later = span('b', 'disk_stress', ['n2'], 200, 400);
    const board = score(
      [cpu, later],
      looks(0, 900, (at) =>
        at < 120 || at > 420 ? [] : at < 290 ? ['n1 cpu_stress!'] : ['n2 disk_stress!', 'n1 cpu_stress!'],
      ),
    );
    // a alone: 165, 180, 195 all right: 1. Both from 260 on: 270, 285 have one of two (1, 1/2, 1/2), 300…390 both: 7 looks of 1.
    expect(board.cases).toBe(2);
    expect(board.ac?.[1]).toBe(1);
    expect(board.ac?.[3]).toBeCloseTo((1 + (2 * 0.5 + 7) / 9) / 2, 12);
  });

  it('of others are true, but no case of ours', () => {
    const theirs = { ...cpu, ours: false };
    const all = looks(0, 900, (at) => (at < 120 || at > 420 ? [] : ['n1 cpu_stress!']));
    expect(score([theirs], all)).toMatchObject({ verdicts: [], cases: 0, falseAlarms: 0 });
    expect(score([theirs, disk], all).verdicts[0]?.falseNames).toEqual([]);
  });

  it('on several nodes need only one of them to be seen, and say how many were', () => {
    const wide = span('w', 'cpu_stress', NODES, 100, 400);
    const board = score(
      [wide],
      looks(0, 900, (at) => (at < 120 || at > 420 ? [] : ['n1 cpu_stress!', 'n3 cpu_stress!', 'n2 cpu_stress'])),
    );
    expect(board.verdicts[0]).toMatchObject({ state: 'seen', namedPairs: 2, allPairs: 3 });
    expect(board.ac).toEqual({ 1: 1, 3: 1, 5: 1 });
  });

  it('one after the other on the same pair: the recovery of the first cannot be told while the second acts', () => {
    const again = span('b', 'cpu_stress', ['n1'], 410, 600);
    const board = score(
      [cpu, again],
      looks(0, 1200, (at) => (at < 120 || at > 650 ? [] : ['n1 cpu_stress!'])),
    );
    expect(board.verdicts.map(({ healed, carriedOver }) => [healed?.at, carriedOver])).toEqual([
      [s(660), true],
      [s(660), false],
    ]);
  });
});

describe('false alarms', () => {
  it('are counted once as long as they stay, by hours of quiet looks', () => {
    const board = score(
      [],
      looks(0, 3600, (at) => (at >= 600 && at <= 900 ? ['n2 disk_stress!'] : at === 1800 ? ['n1 cpu_stress!'] : [])),
    );
    expect(board).toMatchObject({ falseAlarms: 2, quietMs: 3_600_000, falseAlarmsPerHour: 2 });
  });

  it('a stretch without looks is not quiet time', () => {
    const all = [...looks(0, 300, () => []), ...looks(3000, 3300, () => [])];
    expect(score([], all).quietMs).toBe(600_000);
  });

  it('a fault that is still named after its end is none for five minutes, and one alarm after', () => {
    const one = span('a', 'cpu_stress', ['n1'], 100, 400);
    const board = score(
      [one],
      looks(0, 1200, (at) => (at < 120 ? [] : ['n1 cpu_stress!'])),
    );
    expect(board.verdicts[0]?.healed).toBeUndefined();
    expect(board.falseAlarms).toBe(1);
  });
});
