import { inARow } from '../../core/base/text';
import { endedWithin, ranAt } from '../../core/experiments/spans';
import type { PanelDiagnosis, PanelSpan } from '../../shared/protocol';
import { timeOfDay } from '../format';
import { t } from '../texts';

type Window = Pick<PanelDiagnosis, 'from' | 'at'>;
type Span = Pick<PanelSpan, 'title' | 'fromMs' | 'toMs'>;

const range = (fromMs: number, toMs: number): string => `${timeOfDay(fromMs)}–${timeOfDay(toMs)}`;

/**
 * Which data a diagnosis is based on, and which faults have ended but are still in these data. For a past moment also what
 * was running then; of what came later, only the end is told.
 */
export function windowWords(diagnosis: Window, spans: readonly Span[], past: boolean): string {
  const { from, at } = diagnosis;
  const ended = endedWithin(spans, diagnosis, past ? at : Infinity);
  const [one] = ended;
  const still =
    ended.length > 1
      ? t('{0} experiments just ended; the window still includes them.', ended.length)
      : one && t('{0} ended at {1}; the window still includes it.', one.title, timeOfDay(one.toMs));
  const ran = past ? ranAt(spans, at) : [];
  return inARow(
    t('Based on data from {0} to {1}.', timeOfDay(from), timeOfDay(at)),
    ...ran.map((span) => t('{0} was running ({1}).', span.title, range(span.fromMs, span.toMs))),
    still,
  );
}
