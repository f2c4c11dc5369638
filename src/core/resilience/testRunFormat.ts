import { isFaultType } from '../faults/catalogue';
import { keptText, readKeptText } from '../base/keptText';
import { isRecord, recordsOf, textOf } from '../base/unknown';
import type { Phases } from './judge';
import type { Outcome, Verdict } from './outcome';
import type { Span } from './samples';
import type { TestedStep, TestRun } from './testRun';

/** The version of the file's format; one of another version is not read. */
const VERSION = 1;

const VERDICTS: readonly Verdict[] = ['passed', 'failed', 'aborted', 'inconclusive'];
const STATES: readonly Outcome['state'][] = ['pending', 'passed', 'failed', 'inconclusive'];
const FACTS = [
  'low',
  'high',
  'brokenAt',
  'worst',
  'worstAt',
  'baseline',
  'depth',
  'lengthMs',
  'area',
  'recoveryMs',
] as const;

/** What a file of runs holds. */
export interface TestRunFile {
  runs: TestRun[];
  /** Epoch milliseconds; what had ended before was cleared. */
  clearedAt: number;
  /** How many could not be read; the whole file counts as one. */
  damaged: number;
}

/** The text of the file of runs. */
export const writeTestRuns = (runs: readonly TestRun[], clearedAt: number): string =>
  JSON.stringify({ version: VERSION, clearedAt, runs: runs.map(writtenRun) });

/** A run as JSON holds it. */
export const writtenRun = ({ reason, outcomes, ...rest }: TestRun): object => ({
  ...rest,
  reason: reason === undefined ? undefined : keptText(reason),
  outcomes: outcomes.map((one) => ({ ...one, expected: keptText(one.expected), seen: keptText(one.seen) })),
});

/** Reads a file of runs, whatever it holds: what is no run is counted and passed over. Never throws. */
export function readTestRuns(text: string): TestRunFile {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    file = undefined;
  }
  if (!isRecord(file) || file['version'] !== VERSION || !Array.isArray(file['runs']))
    return { runs: [], clearedAt: 0, damaged: 1 };
  const runs = file['runs'].flatMap((one: unknown) => readTestRun(one) ?? []);
  return { runs, clearedAt: timeOf(file['clearedAt']) ?? 0, damaged: file['runs'].length - runs.length };
}

/** Reads one run as unknown input; `wrong` is told the first field that keeps it from being one, '' for the whole. */
export function readTestRun(one: unknown, wrong?: (field: string) => void): TestRun | undefined {
  if (!isRecord(one)) {
    wrong?.('');
    return undefined;
  }
  const [id, where, scenario] = [textOf(one['id']), textOf(one['where']), textOf(one['scenario'])];
  const verdict = VERDICTS.find((known) => known === one['verdict']);
  const phases = readPhases(one['phases']);
  const needed = { id, where, scenario, verdict, phases };
  const lacking = Object.entries(needed).find(([, value]) => value === '' || value === undefined);
  if (lacking) wrong?.(lacking[0]);
  if (lacking || verdict === undefined || phases === undefined) return undefined;
  const { from, at } = isRecord(one['imported']) ? one['imported'] : {};
  const importedAt = timeOf(at);
  return {
    id,
    where,
    context: textOf(one['context']),
    scenario,
    verdict,
    reason: one['reason'] === undefined ? undefined : readKeptText(one['reason']),
    phases,
    steps: recordsOf(one['steps']).flatMap(readStep),
    outcomes: recordsOf(one['outcomes']).flatMap(readOutcome),
    ...(importedAt === undefined ? {} : { imported: { from: textOf(from), at: importedAt } }),
  };
}

function readPhases(value: unknown): Phases | undefined {
  const { before, faultFromMs, faultToMs, endMs } = isRecord(value) ? value : {};
  const span = readSpan(before);
  return span && { before: span, faultFromMs: timeOf(faultFromMs), faultToMs: timeOf(faultToMs), endMs: timeOf(endMs) };
}

function readSpan(value: unknown): Span | undefined {
  if (!isRecord(value)) return undefined;
  const [fromMs, toMs] = [timeOf(value['fromMs']), timeOf(value['toMs'])];
  return fromMs === undefined || toMs === undefined ? undefined : { fromMs, toMs };
}

/** A fault that this version does not know is passed over: the run itself still says something. */
function readStep({ fault, pods, parameters, leader }: Readonly<Record<string, unknown>>): TestedStep[] {
  if (!isFaultType(fault) || !Array.isArray(pods)) return [];
  const values = Object.entries(isRecord(parameters) ? parameters : {}).filter(
    (entry): entry is [string, string | number] => ['string', 'number'].includes(typeof entry[1]),
  );
  return [
    {
      fault,
      pods: pods.filter((pod) => typeof pod === 'string'),
      parameters: Object.fromEntries(values),
      ...(textOf(leader) === '' ? {} : { leader: textOf(leader) }),
    },
  ];
}

function readOutcome(one: Readonly<Record<string, unknown>>): Outcome[] {
  const name = textOf(one['name']);
  const state = STATES.find((known) => known === one['state']);
  if (name === '' || state === undefined) return [];
  const facts = FACTS.flatMap((fact) => (Number.isFinite(one[fact]) ? [[fact, one[fact] as number] as const] : []));
  return [
    {
      name,
      state,
      expected: readKeptText(one['expected']),
      seen: readKeptText(one['seen']),
      ...Object.fromEntries(facts),
    },
  ];
}

/** Dates beyond what a calendar can hold would break every text that shows them. */
const timeOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < 8.64e15 ? value : undefined;
