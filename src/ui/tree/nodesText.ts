import { l10n } from 'vscode';
import { inARow } from '../../core/base/text';
import type { Diagnosis } from '../../core/diagnosis/types';
import type { DiagnosisState } from '../../core/monitoring/diagnosisState';
import type { MonitorState } from '../../core/monitoring/monitorState';
import { endedWithin } from '../../core/experiments/spans';
import { localized } from '../text/coreText';
import { times } from '../text/times';
import { spanTitle } from '../text/labels';

/** A diagnosis's window: `14:06:15–14:07:00`. */
export const windowText = ({ from, at }: Diagnosis): string => `${times().timeOfDay(from)}–${times().timeOfDay(at)}`;

/** The window that the node view shows, next to its title. */
export function nodesDescription({ diagnosis, live }: MonitorState): string {
  const paused = live ? undefined : l10n.t('paused');
  return [diagnosis && windowText(diagnosis), paused].filter(Boolean).join(' · ');
}

/** Why scores are high although no fault is running: one that ended within the window is still in it. */
export function stillSeen({ diagnosis, spans, live }: MonitorState): string {
  if (!diagnosis) return '';
  const ended = endedWithin(spans, diagnosis, live ? Infinity : diagnosis.at);
  const [one] = ended;
  if (!one) return '';
  return ended.length === 1
    ? l10n.t('{0} ended at {1}; the window still includes it.', spanTitle(one), times().timeOfDay(one.toMs))
    : l10n.t('{0} experiments just ended; scores will settle within a minute.', ended.length);
}

/** The diagnosis state in a sentence or two; empty if the rows show it. */
export function knownWords({ state, reason, since, readyInMs }: DiagnosisState): string {
  const why = reason === undefined ? '' : localized(reason);
  const seconds = Math.ceil((readyInMs ?? 0) / 5000) * 5;
  const head = {
    normal: () => l10n.t('No anomaly detected.'),
    anomalous: () => '',
    collecting: () => (seconds > 0 ? l10n.t('Collecting data… (about {0} s)', seconds) : l10n.t('Collecting data…')),
    unknown: () =>
      since === undefined ? l10n.t('Unknown') : l10n.t('Unknown – last checked {0}', times().timeOfDay(since)),
  }[state]();
  return inARow(head, why);
}

/** True if everything shown is out of date. */
export const isOld = ({ diagnosis }: Pick<MonitorState, 'diagnosis'>, { state, since }: DiagnosisState): boolean =>
  state === 'unknown' && (since === undefined || since !== diagnosis?.at);
