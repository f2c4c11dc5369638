import type { Experiment, ExperimentEvent } from '../experiment';
import type { ExperimentVerdict } from '../truth/verdict';
import type { Say } from './reportTexts';

/** One line of a report's timeline. */
export interface TimelineEntry {
  /** Epoch milliseconds. */
  at: number;
  text: string;
}

/** Lines of a long history that are kept. */
const MOST = 100;

/** What happened to the experiment and what the diagnosis said of it, in the order of time. */
export function timeline(
  experiment: Experiment | undefined,
  events: readonly ExperimentEvent[],
  verdict: ExperimentVerdict,
  say: Say,
  nameOf: (type: string) => string,
): TimelineEntry[] {
  const { span, seen, first, healed, falseNames } = verdict;
  const what = `${nameOf(span.label)} (${span.nodes.join(', ')})`;
  const entries: (TimelineEntry | undefined)[] = [
    experiment && { at: experiment.createdAt, text: say('created') },
    experiment?.deletingSince === undefined
      ? undefined
      : { at: experiment.deletingSince, text: say('deletion asked for') },
    ...(experiment?.targets ?? []).flatMap((target) =>
      target.events.map(({ at, operation, type, message }) =>
        at === undefined
          ? undefined
          : { at, text: `${target.pod}: ${operation} ${type}${message ? ` – ${message}` : ''}` },
      ),
    ),
    ...events.map(({ at, reason, message }) => (at === undefined ? undefined : { at, text: `${reason}: ${message}` })),
    seen && { at: seen.at, text: say('named: {0}', what) },
    first && { at: first.at, text: say('named first: {0}', what) },
    healed && { at: healed.at, text: say('no longer named') },
    ...falseNames.map(({ at, node, type }) => ({ at, text: say('named wrongly: {0}', `${nameOf(type)} (${node})`) })),
  ];
  const known = entries.filter((entry) => entry !== undefined).filter(({ at }) => at > 0);
  const unlike = new Map(known.map((entry) => [`${entry.at}|${entry.text}`, entry]));
  return [...unlike.values()].sort((a, b) => a.at - b.at).slice(-MOST);
}
