import * as vscode from 'vscode';
import { formatDuration } from '../../core/time/duration';
import type { Experiment, ExperimentEvent } from '../../core/experiments/experiment';
import { derivePhase } from '../../core/experiments/phase';
import { withoutUnseen } from '../../core/base/sanitize';
import { timelineOf, type ReportEvent } from '../../core/experiments/timeline';
import { localized } from '../text/coreText';
import { PHASE_STYLES } from '../tree/experimentStyle';

/** The parts of the text about an experiment's events. */
export interface EventTextParts {
  experiment: Experiment;
  events: readonly ExperimentEvent[];
  /** The object is no longer in the cluster. */
  gone: boolean;
  /** Why the core events could not be read. */
  problem: string | undefined;
  context: string;
  /** The cluster's time, epoch milliseconds. */
  nowMs: number;
}

/** Everything that happened to an experiment, as the lines of a log. */
export function eventText({ experiment, events, gone, problem, context, nowMs }: EventTextParts): string {
  const { ref, summary, createdAt, targets } = experiment;
  const { phase, reason } = derivePhase(experiment, nowMs);
  const state = gone ? vscode.l10n.t('deleted') : PHASE_STYLES[phase].label;
  const entries = timelineOf(targets, events);
  const head = [
    `${ref.kind} ${ref.namespace}/${ref.name} · ${context}`,
    [summary, state, gone || !reason ? '' : localized(reason)].filter((text) => text !== '').join(' · '),
    vscode.l10n.t('Created {0}. All times are cluster time; it is now {1} there.', date(createdAt), date(nowMs)),
    ...(problem === undefined ? [] : [vscode.l10n.t('The cluster’s events cannot be read: {0}', problem)]),
    '',
  ];
  if (entries.length === 0)
    return [...head, vscode.l10n.t('No events yet. The server keeps events for an hour.'), ''].join('\n');
  return withoutUnseen([...head, ...entries.flatMap((entry) => linesOf(entry, createdAt, nowMs)), ''].join('\n'));
}

function linesOf(entry: ReportEvent, createdAt: number, nowMs: number): string[] {
  const { at, since, count, what, failed, target, message } = entry;
  const when =
    at === undefined
      ? vscode.l10n.t('no date')
      : `${date(at)}  +${span(at - createdAt)}  ${vscode.l10n.t('{0} ago', span(nowMs - at))}`;
  const level = failed ? '[ERROR]' : '[INFO]';
  const times =
    count > 1
      ? `×${count}${since !== undefined && since !== at ? ` ${vscode.l10n.t('since {0}', date(since))}` : ''}`
      : '';
  const title = [what, target ?? '', times].filter((text) => text !== '').join('  ');
  return [`${when}  ${level} ${title}`, ...(message === '' ? [] : message.split('\n').map((line) => `    ${line}`))];
}

const date = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
const span = (ms: number): string => formatDuration(Math.round(Math.max(0, ms) / 1000) * 1000);
