import type { Scoreboard } from '../../core/evaluation/scoreboard';
import type { PanelBoard } from '../../shared/truthMessages';
import { anomalyName, spanTitle } from '../text/labels';

/** The most rows that the panel lists; older experiments count but are not listed. */
const MOST_ROWS = 50;

/** The scoreboard as a message to the panel. */
export function toBoard({ verdicts, ...board }: Scoreboard): PanelBoard {
  return {
    ...board,
    verdicts: verdicts.slice(0, MOST_ROWS).map((one) => ({
      key: one.span.key,
      title: spanTitle(one.span),
      nodes: one.span.nodes,
      fromMs: one.span.fromMs,
      state: one.state,
      seenAfterMs: one.seen?.afterMs,
      carriedOver: one.carriedOver,
      lookedLate: one.lookedLate,
      firstAfterMs: one.first?.afterMs,
      namedPairs: one.namedPairs,
      allPairs: one.allPairs,
      healedAfterMs: one.healed?.afterMs,
      acting: one.span.toMs === undefined,
      falseNames: one.falseNames.map(({ node, type, at, probability }) => ({
        node,
        title: anomalyName(type),
        at,
        probability,
      })),
    })),
  };
}
