import { formatPercent } from '../base/percent';
import type { ExperimentVerdict } from '../evaluation/verdict';
import type { Block, ReportLine } from './document/reportDocument';
import { secondsText } from './lengths';
import type { ReportInput } from './reportInput';
import type { Say } from './reportTexts';

/** What a report tells of the diagnosis of one fault. */
export type DiagnosisPart = Pick<ReportInput, 'verdict' | 'diagnosis' | 'say' | 'nameOf' | 'reasonOf' | 'clock'>;

/** From the injection to the first diagnosis, milliseconds; undefined where that says nothing. */
export const detectedAfterMs = ({ seen, carriedOver, lookedLate }: ExperimentVerdict): number | undefined =>
  carriedOver || lookedLate ? undefined : seen?.afterMs;

/** The verdict in a few words. */
export function verdictHeadline({ state, first, carriedOver, span }: ExperimentVerdict, say: Say): string {
  switch (state) {
    case 'seen':
      if (carriedOver) return say('already diagnosed before injection');
      return first ? say('diagnosed correctly') : say('detected, but not the top diagnosis');
    case 'missed':
      return say('not detected');
    case 'waiting':
      // A report is not written again: what ended is not waited for.
      return say(span.toMs === undefined ? 'not diagnosed yet' : 'not diagnosed while it was watched');
    case 'tooShort':
      return say('too short to be detected');
    case 'unobserved':
      return say('not evaluated: the panel was closed and the metrics are no longer available');
    case 'notDiagnosable':
      return say('not evaluated: the diagnosis does not cover this fault');
    case 'notWatched':
      return say('not evaluated: it ran on no diagnosed node');
  }
}

/** The verdict, with the delays that it has: none where they would say nothing. */
export function verdictLines({ verdict, say, nameOf }: DiagnosisPart): ReportLine[] {
  const { state, seen, first, healed, carriedOver, lookedLate, namedPairs, allPairs, falseNames, answeredBy, span } =
    verdict;
  const wrong = falseNames.map(
    ({ node, type, probability }) => `${nameOf(type)} (${node}) ${formatPercent(probability)}`,
  );
  const judged = state === 'seen' || state === 'missed' || state === 'waiting';
  const after = detectedAfterMs(verdict);
  const lines: (ReportLine | false | undefined)[] = [
    { strong: verdictHeadline(verdict, say) },
    carriedOver && say('Carried over from another experiment, or a false alarm: no time to detect is available.'),
    !carriedOver && lookedLate && say('The panel was closed before it was detected: no time to detect is available.'),
    after !== undefined && say('Detected after {0}', secondsText(after)),
    after !== undefined && first && say('Top diagnosis after {0}', secondsText(first.afterMs)),
    seen && allPairs > 1 && say('{0} of {1} nodes diagnosed', namedPairs, allPairs),
    healed
      ? say('Recovery detected after {0}', secondsText(healed.afterMs))
      : seen &&
        span.toMs !== undefined &&
        (verdict.watchedAfterMs < 1000
          ? say('Recovery not watched')
          : say('Recovery not detected (watched for {0})', secondsText(verdict.watchedAfterMs))),
    judged && `${say('False diagnoses meanwhile')}: ${wrong.length > 0 ? wrong.join('; ') : say('none')}`,
    answeredBy.length > 0 && say('Diagnosed by {0}', answeredBy.join(', ')),
  ];
  return lines.filter((line) => line !== undefined && line !== false);
}

/** What was diagnosed at the moment that the report looks at. */
export function namedBlocks({ diagnosis, say, nameOf, reasonOf, clock, verdict }: DiagnosisPart): Block[] {
  const pairs = diagnosis?.ranking.filter((pair) => pair.named) ?? [];
  if (!diagnosis || pairs.length === 0) return [];
  const rows = pairs
    .slice(0, 10)
    .map(({ node, type, probability, reasons }) => [
      `${nameOf(type)} (${node})`,
      formatPercent(probability),
      reasons.length > 0 ? reasons.map(reasonOf).join('; ') : '–',
    ]);
  return [
    { type: 'paragraph', text: say('At {0}:', clock.timeOn(diagnosis.at, verdict.span.fromMs)) },
    { type: 'table', head: [say('Diagnosis'), say('Probability'), say('Evidence')], rows, figures: [1] },
  ];
}
