import * as vscode from 'vscode';
import type { TestResult } from '../../core/resilience/resilienceTest';
import type { Outcome } from '../../core/resilience/outcome';
import { abortText } from '../../core/resilience/abortText';
import { localized } from '../text/coreText';
import { verdictName } from '../text/labels';
import { childOf } from './testItems';

/** The menus in package.json recognise our messages by this. */
const MESSAGE_CONTEXT = 'distdiag.outcome';

/** Writes a line into the output of a run. */
export type Tell = (text: string, item: vscode.TestItem) => void;

/** The output of a run as a terminal shows it. */
export const outputOf =
  (run: vscode.TestRun): Tell =>
  (text, item) =>
    run.appendOutput(`${text.replace(/\r?\n/g, '\r\n')}\r\n`, undefined, item);

/** Shows the result of a scenario and of each of its expectations. */
export function showResult(run: vscode.TestRun, item: vscode.TestItem, result: TestResult, ms: number): void {
  const tell = outputOf(run);
  const { verdict, reason, outcomes, left, abort } = result;
  for (const outcome of outcomes) showOutcome(run, item, outcome);
  if (abort) tell(localized(abortText(abort)), item);
  const said = reason === undefined ? '' : localized(reason);
  for (const { ref, error } of left)
    tell(vscode.l10n.t('{0} could not be stopped: {1}', ref.name, localized(error.text)), item);
  tell(`${verdictName(verdict)}${said === '' ? '' : `: ${said}`}`, item);
  if (left.length > 0) return run.errored(item, messageOf(item, said || verdictName(verdict)), ms);
  switch (verdict) {
    case 'passed':
      return run.passed(item, ms);
    case 'failed': {
      const broken = outcomes.filter(({ state }) => state === 'failed').map(({ name }) => name);
      return run.failed(item, messageOf(item, vscode.l10n.t('Failed: {0}', broken.join(', '))), ms);
    }
    case 'aborted':
      return run.failed(item, messageOf(item, said || verdictName(verdict)), ms);
    case 'inconclusive':
      // Neither success nor failure: it could not be observed.
      return run.errored(item, messageOf(item, said || notJudged()), ms);
  }
}

const notJudged = (): string => vscode.l10n.t('Inconclusive: not every expectation could be judged.');

function showOutcome(run: vscode.TestRun, item: vscode.TestItem, outcome: Outcome): void {
  const child = childOf(item, outcome.name);
  if (!child) return; // the file was changed meanwhile
  const { state, lengthMs } = outcome;
  const [expected, seen] = [localized(outcome.expected), localized(outcome.seen)];
  outputOf(run)(`${outcome.name}: ${stateName(state)}. ${expected}. ${seen}`.trim(), child);
  if (state === 'passed') return run.passed(child);
  if (state === 'inconclusive')
    return run.errored(child, messageOf(child, vscode.l10n.t('Inconclusive: {0}', `${expected}. ${seen}`)));
  if (state !== 'failed') return run.skipped(child);
  const message = messageOf(child, `${expected}. ${seen}`);
  message.expectedOutput = expected;
  message.actualOutput = seen;
  run.failed(child, message, lengthMs);
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
