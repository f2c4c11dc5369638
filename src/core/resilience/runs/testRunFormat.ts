import { isFaultType } from '../../faults/catalogue';
import { keptNumber, readItems, writeItems, type KeptItems } from '../../history/keptItems';
import { keptText, readKeptText } from '../../base/keptText';
import { isRecord, recordsOf, textOf } from '../../base/unknown';
import type { Phases } from '../judge';
import type { Outcome, Verdict } from '../outcome';
import type { Span } from '../samples';
import type { TestedStep, TestRun } from './testRun';

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

/** The text of the file of runs. */
export const writeTestRuns = (runs: readonly TestRun[], clearedAt: number): string =>
  writeItems('runs', runs.map(writtenRun), clearedAt);

/** A run as JSON holds it. */
export const writtenRun = ({ reason, outcomes, ...rest }: TestRun): object => ({
  ...rest,
  reason: reason === undefined ? undefined : keptText(reason),
  outcomes: outcomes.map((one) => ({ ...one, expected: keptText(one.expected), seen: keptText(one.seen) })),
});

/** Reads a file of runs, whatever it holds. Never throws. */
export const readTestRuns = (text: string): KeptItems<TestRun> => readItems(text, 'runs', (one) => readTestRun(one));

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
  const importedAt = keptNumber(at);
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
  return (
    span && {
      before: span,
      faultFromMs: keptNumber(faultFromMs),
      faultToMs: keptNumber(faultToMs),
      endMs: keptNumber(endMs),
    }
  );
}

function readSpan(value: unknown): Span | undefined {
  if (!isRecord(value)) return undefined;
  const [fromMs, toMs] = [keptNumber(value['fromMs']), keptNumber(value['toMs'])];
  return fromMs === undefined || toMs === undefined ? undefined : { fromMs, toMs };
}

/** A fault that this version does not know is passed over: the run itself still says something. */
function readStep({ fault, pods, parameters, leader, injected }: Readonly<Record<string, unknown>>): TestedStep[] {
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
      ...(injected === false ? { injected } : {}),
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
