import * as vscode from 'vscode';
import type { TestResult } from '../../core/resilience/testResult';
import { STATE_SIGNS, type Outcome } from '../../core/resilience/outcome';
import { abortText } from '../../core/resilience/abortText';
import { localized } from '../text/coreText';
import { verdictName } from '../text/labels';
import { childOf } from './testItems';

/** The menus in package.json recognise our messages by this. */
const MESSAGE_CONTEXT = 'distdiag.outcome';

/** Writes a line into the output of a run. */
export type Tell = (text: string, item?: vscode.TestItem) => void;

/** The output of a run as a terminal shows it. */
export const outputOf =
  (run: vscode.TestRun): Tell =>
  (text, item) =>
    run.appendOutput(`${text.replace(/\r?\n/g, '\r\n')}\r\n`, undefined, item);

/** Shows what became of a scenario and of each expectation of it; `cancelled` where a person has ended it. */
export function showResult(
  run: vscode.TestRun,
  item: vscode.TestItem,
  result: TestResult,
  { ms, cancelled }: { ms: number; cancelled: boolean },
): void {
  const tell = outputOf(run);
  const { verdict, outcomes, left, abort } = result;
  const ended = cancelled && verdict === 'aborted' && !abort;
  for (const outcome of outcomes) showOutcome(run, item, outcome, ended);
  if (abort) tell(localized(abortText(abort)), item);
  for (const { ref, error } of left)
    tell(vscode.l10n.t('{0} could not be stopped: {1}', ref.name, localized(error.text)), item);
  const isClean = left.length === 0;
  const said =
    ended && isClean ? vscode.l10n.t('Cancelled. Everything that the test started was stopped.') : saidOf(result);
  tell(`${STATE_SIGNS[verdict]} ${item.label}: ${said}`, item);
  if (!isClean) return run.errored(item, messageOf(item, said), ms);
  // What a person ends says nothing of the database.
  if (ended) return run.skipped(item);
  if (verdict === 'passed') return run.passed(item, ms);
  const broken = outcomes.filter(({ state }) => state === verdict || state === 'failed');
  const message = messageOf(item, [said, ...broken.map((one) => `${one.name}\n${factsOf(one)}`)].join('\n'));
  // Neither success nor failure of the database: what was to be seen could not be seen.
  if (verdict === 'inconclusive') return run.errored(item, message, ms);
  run.failed(item, message, ms);
}

/** The verdict with its reason: `Failed: throughput, recovery`. */
function saidOf({ verdict, reason, outcomes }: TestResult): string {
  const of = (state: Outcome['state']): string =>
    outcomes
      .filter((one) => one.state === state)
      .map(({ name }) => name)
      .join(', ');
  const why =
    reason === undefined ? (verdict === 'failed' || verdict === 'inconclusive' ? of(verdict) : '') : localized(reason);
  return why === '' ? verdictName(verdict) : `${verdictName(verdict)}: ${why}`;
}

function showOutcome(run: vscode.TestRun, item: vscode.TestItem, outcome: Outcome, ended: boolean): void {
  const child = childOf(item, outcome.name);
  if (!child) return; // the file was changed meanwhile
  // Green below a test that was cancelled would make it green itself.
  const state = ended && outcome.state !== 'failed' ? 'pending' : outcome.state;
  outputOf(run)(`${STATE_SIGNS[state]} ${outcome.name}: ${stateName(state)}\n${factsOf(outcome)}`, child);
  if (state === 'passed') return run.passed(child);
  if (state === 'pending') return run.skipped(child);
  const [expected, seen] = [localized(outcome.expected), localized(outcome.seen)];
  if (state === 'inconclusive')
    return run.errored(
      child,
      messageOf(child, `${vscode.l10n.t('Inconclusive: {0}', seen)}\n${expectedText(expected)}`),
    );
  // Two sentences, which the editor would otherwise show as a diff, cut to thirty characters at the line.
  run.failed(child, messageOf(child, `${seen}\n${expectedText(expected)}`));
}

const expectedText = (expected: string): string => vscode.l10n.t('Expected: {0}', expected);

/** What was expected and what was seen, a line each. */
export function factsOf({ expected, seen }: Pick<Outcome, 'expected' | 'seen'>): string {
  const observed = localized(seen);
  return [
    `    ${expectedText(localized(expected))}`,
    ...(observed === '' ? [] : [`    ${vscode.l10n.t('Observed: {0}', observed)}`]),
  ].join('\n');
}

/** A message at the item's line. It may contain text from a cluster, so it is not Markdown. */
export function messageOf(item: vscode.TestItem, text: string): vscode.TestMessage {
  const message = new vscode.TestMessage(text);
  message.contextValue = MESSAGE_CONTEXT;
  if (item.uri && item.range) message.location = new vscode.Location(item.uri, item.range);
  return message;
}

const stateName = (state: Outcome['state']): string =>
  state === 'pending' ? vscode.l10n.t('Not judged') : verdictName(state);
