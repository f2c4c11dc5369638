import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/core/experiments/experiment';
import { toExperiment } from '../../../src/core/experiments/parse';
import { HistoryStore } from '../../../src/core/history/store';
import { lacksSecrets, toEntry } from '../../../src/core/history/entry';
import { exportHistory } from '../../../src/core/history/export';
import { readHistory, writeHistory } from '../../../src/core/history/format';
import type { ExperimentSnapshot } from '../../../src/core/experiments/gateway';
import { reportManifest } from '../../../src/core/report/reportManifest';
import { REMOVED } from '../../../src/core/base/secretValues';
import { updateSpans } from '../../../src/core/experiments/spans';
import { chaosObject, CREATED, experiment, type ObjectSpec } from '../experiments/experiments';

const place = { where: 'dev https://one', context: 'dev' };
const live = (experiments: Experiment[], removed: Experiment[] = []): ExperimentSnapshot => ({
  experiments,
  removed,
  health: { state: 'live' },
  missingKinds: [],
});
const running = (given: ObjectSpec = {}): Experiment => experiment({ records: [{ appliedAfterMs: 1000 }], ...given });
const recovered: ObjectSpec = {
  desired: 'Stop',
  records: [{ phase: 'Not Injected', appliedAfterMs: 1000, recoveredAfterMs: 9000 }],
};
const at = (s: number): number => CREATED + s * 1000;

/** How an experiment ends in the book that is first seen as one thing, then as others. */
function endOf(...snapshots: ExperimentSnapshot[]): (string | number | undefined)[] {
  const book = new HistoryStore();
  snapshots.forEach((snapshot, i) => book.follow(place, snapshot, at(10 + i)));
  return book.ended.map(({ end, injected, total, endedAt, reason }) =>
    [end, `${injected}/${total}`, endedAt === undefined ? '' : (endedAt - CREATED) / 1000, reason ?? '']
      .join(' ')
      .trim(),
  );
}

describe('how an experiment ended', () => {
  const forced = (): Experiment => {
    const object = chaosObject({ records: [{ appliedAfterMs: 1000 }], deletedAfterMs: 5000 });
    object.metadata.annotations = { 'chaos-mesh.chaos-mesh.org/cleanFinalizer': 'forced' };
    return toExperiment(object);
  };
  it.each<[string, ExperimentSnapshot[], string[]]>([
    ['runs: not yet', [live([running()])], []],
    ['by its time', [live([running()]), live([experiment(recovered)])], ['recovered 1/1 9']],
    ['by a deletion', [live([running()]), live([], [experiment(recovered)])], ['recovered 1/1 9']],
    [
      'by its time, then a deletion',
      [live([experiment(recovered)]), live([], [experiment(recovered)])],
      ['recovered 1/1 9'],
    ],
    ['by force', [live([running()]), live([], [forced()])], ['forced 1/1 11']],
    ['unseen', [live([running()]), live([])], ['vanished 1/1 11']],
    [
      'without an injection',
      [live([running()]), live([], [experiment({ records: [{ phase: 'Not Injected', failure: 'no daemon' }] })])],
      ['failed 0/1 11 no daemon'],
    ],
    [
      'partly injected',
      [
        live([running()]),
        live(
          [],
          [
            experiment({
              desired: 'Stop',
              records: [
                { pod: 'a', phase: 'Not Injected', appliedAfterMs: 1000, recoveredAfterMs: 9000 },
                { pod: 'b', phase: 'Not Injected', failure: 'no daemon' },
              ],
            }),
          ],
        ),
      ],
      ['recovered 1/2 9 no daemon'],
    ],
    ['with nothing to hit', [live([experiment({ conditions: { Selected: false } })])], ['noTargets 0/0 0']],
    ['once and for all', [live([running({ kind: 'PodChaos', spec: { action: 'pod-kill' } })])], ['done 1/1 1']],
  ])('%s', (_, snapshots, ends) => {
    expect(endOf(...snapshots)).toEqual(ends);
  });

  it('is not concluded while the list is missing or may not be looked at', () => {
    const error = { code: 'forbidden' } as never;
    const blind: ExperimentSnapshot = { ...live([]), missingKinds: [{ kind: 'StressChaos', error }] };
    expect(endOf(live([running()]), { ...live([]), health: { state: 'connecting' } }, blind)).toEqual([]);
    expect(endOf(live([running()]), { ...live([]), onlyIn: ['elsewhere'] })).toEqual([]);
  });

  it('of another cluster is not touched by this one', () => {
    const book = new HistoryStore();
    book.follow(place, live([running()]), at(1));
    book.follow({ where: 'other', context: 'other' }, live([]), at(2));
    expect(book.ended).toEqual([]);
  });
});

describe('the book', () => {
  it('learns nothing from what it has seen already', () => {
    const book = new HistoryStore();
    const one = running();
    expect(book.follow(place, live([one]), at(1))).toBe(true);
    expect(book.follow(place, live([one]), at(2))).toBe(false);
  });

  it('is bounded: the oldest go, those of others before ours', () => {
    const book = new HistoryStore(2);
    const named = (name: string, ours = true): Experiment => experiment({ ...recovered, name, ours });
    book.follow(place, live([named('a')]), at(1));
    book.follow(place, live([named('a'), named('theirs', false)]), at(2));
    book.follow(place, live([named('a'), named('theirs', false), named('b')]), at(3));
    expect(book.ended.map(({ experiment: { ref } }) => ref.name).sort()).toEqual(['a', 'b']);
  });

  it('shades what ended on the charts of its own cluster, also after a new list', () => {
    const book = new HistoryStore();
    book.follow(place, live([experiment(recovered)]), at(10));
    book.follow(place, live([experiment({ conditions: { Selected: false }, name: 'none' })]), at(11));
    const [span, ...rest] = book.spans(place.where);
    expect(rest).toEqual([]);
    expect(span).toMatchObject({ fromMs: at(1), toMs: at(9), nodes: ['ob-1'], ours: true, phase: 'finished' });
    expect(updateSpans(book.spans(place.where), [], at(20))).toEqual([span]);
    expect(book.spans('other')).toEqual([]);
  });

  it('of two windows keeps what knows more', () => {
    const mine = new HistoryStore();
    mine.follow(place, live([running()]), at(1));
    mine.follow(place, live([]), at(20));
    const theirs = new HistoryStore();
    theirs.follow(place, live([running()]), at(1));
    theirs.follow(place, live([], [experiment(recovered)]), at(10));
    mine.merge(theirs.all);
    expect(mine.ended.map(({ end }) => end)).toEqual(['recovered']);
    theirs.merge(mine.all);
    expect(theirs.ended).toHaveLength(1);
  });

  it('cleared stays clear: over a merge with what another window still has, and while the object is still listed', () => {
    const book = new HistoryStore();
    const one = experiment(recovered);
    book.follow(place, live([one]), at(10));
    const before = book.all;
    book.clear(at(1)); // an editor whose clock is behind the cluster's
    book.merge(before);
    book.follow(place, live([one]), at(11));
    expect(book.ended).toEqual([]);
    const later = new HistoryStore();
    later.merge(before, book.clearedAt);
    later.follow(place, live([experiment(recovered)]), at(12));
    expect(later.ended).toEqual([]);
  });
});

describe('what is kept of an object', () => {
  it('can be run again, and holds no secret, no status of a hundred retries and nothing of the server', () => {
    const object = chaosObject({
      kind: 'HTTPChaos',
      spec: {
        action: 'abort',
        replace: { headers: { Authorization: 'Bearer hunter2', Accept: 'x' } },
        secretName: 'aws',
      },
      records: [{}],
    });
    object.metadata.annotations = { 'kubectl.kubernetes.io/last-applied-configuration': 'hunter2' };
    object.metadata['managedFields'] = [{ manager: 'x' }];
    const records = (object.status?.['experiment'] as { containerRecords: { events: unknown[] }[] }).containerRecords;
    const events = Array.from({ length: 50 }, () => ({ type: 'Failed', operation: 'Apply', message: 'no' }));
    (records[0] as (typeof records)[number]).events = events;
    const entry = toEntry(toExperiment(object), { ...place, nowMs: at(1), removed: true });
    const text = JSON.stringify(entry);
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('managedFields');
    expect(entry.experiment.object.spec).toMatchObject({
      replace: { headers: { Authorization: REMOVED, Accept: 'x' } },
      secretName: 'aws',
    });
    expect(lacksSecrets(entry)).toBe(true);
    expect(entry.experiment.targets[0]?.events).toHaveLength(5);
    expect(lacksSecrets(toEntry(running(), { ...place, nowMs: at(1), removed: true }))).toBe(false);
  });
});

describe('what may be a secret', () => {
  const spec = (more: object): ReturnType<typeof chaosObject> =>
    chaosObject({ kind: 'HTTPChaos', spec: { action: 'abort', ...more }, records: [{}] });
  it.each([
    ['in a pair', { patch: { headers: [['Authorization', 'Bearer hunter2']], queries: [['api_key', 'hunter2']] } }],
    ['of a variable', { env: [{ name: 'DB_PASSWORD', value: 'hunter2' }] }],
    ['below a name', { tokens: { first: 'hunter2', rest: ['hunter2'] } }],
    ['in an address', { url: 'https://me:hunter2@example.invalid/x' }],
    ['in a query', { path: '/login?user=me&password=hunter2&x=1' }],
    ['of a program', { command: 'mysql --password=hunter2 -u me' }],
    ['of a header line', { header: 'Authorization: Bearer hunter2' }],
  ])('%s is neither kept nor written into a report', (_, more) => {
    const object = spec({ ...more, kept: 'yes' });
    const entry = toEntry(toExperiment(object), { ...place, nowMs: at(1), removed: true });
    expect(JSON.stringify(entry)).not.toContain('hunter2');
    expect(entry.experiment.object.spec).toMatchObject({ action: 'abort', kept: 'yes' });
    expect(lacksSecrets(entry)).toBe(true);
    const report = JSON.stringify(reportManifest(object));
    expect(report).not.toContain('hunter2');
    expect(report).toContain('"kept":"yes"');
  });

  it.each([
    { selector: { labelSelectors: { app: 'token-service' } }, secretName: 'aws', path: '/tokens/*', mode: 'all' },
    { patch: { headers: [['Accept', 'x']] }, target: 'Request', url: 'https://example.invalid/a@b' },
    { tokens: {}, password: '', selector: { pods: { 'token-ns': ['token-0', 'token-1'] } } },
    { containerNames: ['token', 'other'], credential: { secretName: 'aws' } },
  ])('is not seen in %j', (more) => {
    const object = spec(more);
    const entry = toEntry(toExperiment(object), { ...place, nowMs: at(1), removed: true });
    expect(entry.experiment.object.spec).toEqual(object.spec);
    expect(lacksSecrets(entry)).toBe(false);
  });
});

describe('the file', () => {
  const book = new HistoryStore();
  book.follow(place, live([experiment(recovered), running({ name: 'two' })]), at(10));

  it('gives back what was written, what still ran too', () => {
    const { items: entries, clearedAt, damaged } = readHistory(writeHistory(book.all, 5));
    expect(entries).toEqual(book.all);
    expect([clearedAt, damaged]).toEqual([5, 0]);
  });

  it.each([
    ['', 1],
    ['{', 1],
    ['[]', 1],
    ['{"version":2,"entries":[]}', 1],
    ['{"version":1,"entries":{}}', 1],
    ['{"version":1,"entries":[null,3,"x",{},{"object":{}}]}', 5],
  ])('that holds %j is read as far as it goes', (text, damaged) => {
    expect(readHistory(text)).toMatchObject({ items: [], damaged });
  });

  it('with one damaged entry keeps the others', () => {
    const file = JSON.parse(writeHistory(book.all, 0)) as { entries: Record<string, unknown>[] };
    (file.entries[0] as Record<string, unknown>)['end'] = 'exploded';
    (file.entries[1] as Record<string, unknown>)['endedAt'] = 1e300;
    const { items: entries, damaged } = readHistory(JSON.stringify(file));
    expect(damaged).toBe(1);
    expect(entries.map(({ endedAt }) => endedAt)).toEqual([undefined]);
  });
});

describe('an export', () => {
  const book = new HistoryStore();
  const cruel = experiment({ ...recovered, name: 'a' });
  book.follow({ ...place, context: '=1+1|"x",\ny' }, live([cruel]), at(10));

  it('as JSON can be read and holds the manifest', () => {
    const [one] = JSON.parse(exportHistory(book.ended, 'json')) as { manifest: { spec: object }; outcome: string }[];
    expect(one).toMatchObject({ outcome: 'recovered', manifest: { kind: 'StressChaos', spec: { duration: '3m' } } });
  });

  it('as CSV quotes what it must, and no cell is a formula', () => {
    const [head, row] = exportHistory(book.ended, 'csv').split('\r\n');
    expect(head).toMatch(/^created,injected,recovered,ended,outcome,/);
    expect(row).toContain('2026-01-01T00:00:00.000Z,2026-01-01T00:00:01.000Z,2026-01-01T00:00:09.000Z');
    expect(row).toContain(`"'=1+1|""x"",\ny"`);
  });

  it('as Markdown is one line each', () => {
    const lines = exportHistory(book.ended, 'md').trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain('=1+1\\|"x", y');
    expect(new Set(lines.map((line) => line.replace(/\\\|/g, '').split('|').length)).size).toBe(1);
  });
});
