import type { Inline } from './document/reportDocument';
import { recoverySentence } from './impactTable';
import { lengthText, secondsText } from './lengths';
import type { ReportInput } from './reportInput';
import { detectedAfterMs, verdictHeadline } from './verdictText';

/** Metrics of the diagnosis that the summary names. */
const MOST_REASONS = 2;

/** The report in one paragraph, for who reads no further: what ran where and how long, what it did, what became of it. */
export function summaryLine(input: ReportInput): Inline[] {
  const { verdict, experiment, say, nameOf, diagnosis, reasonOf, impact } = input;
  const { span, first, healed } = verdict;
  const what = experiment ? `${nameOf(span.label)} (${experiment.summary})` : nameOf(span.label);
  const where = span.nodes.join(', ');
  const reasons =
    diagnosis?.ranking.find((pair) => pair.named && pair.type === span.label && span.nodes.includes(pair.node))
      ?.reasons ?? [];
  const old = span.earlier?.at(-1);
  const after = detectedAfterMs(verdict);
  const told = verdictHeadline(verdict, say);
  const sentences: (string | Inline[] | false | undefined)[] = [
    span.toMs === undefined
      ? say('{0} is running on {1}.', what, where)
      : say('{0} ran on {1} for {2}.', what, where, lengthText(span.fromMs, span.toMs)),
    old && around(say('It was extended: it continues {0}.'), { code: old.ref.name }),
    reasons.length > 0 && say('Evidence: {0}.', reasons.slice(0, MOST_REASONS).map(reasonOf).join('; ')),
    after !== undefined && first
      ? say('Diagnosis: {0}, after {1}.', told, secondsText(first.afterMs))
      : say('Diagnosis: {0}.', told),
    healed && say('Recovery was detected {0} after the end.', secondsText(healed.afterMs)),
    impact && recoverySentence(impact, { say, toMs: span.toMs }),
  ];
  return sentences
    .filter((sentence) => sentence !== undefined && sentence !== false)
    .flatMap((sentence, i) => [...(i > 0 ? [' '] : []), ...(typeof sentence === 'string' ? [sentence] : sentence)]);
}

/** A sentence with a piece in the place of its `{0}`. */
function around(sentence: string, piece: Inline): Inline[] {
  const [before = '', behind = ''] = sentence.split('{0}');
  return [before, piece, behind];
}
