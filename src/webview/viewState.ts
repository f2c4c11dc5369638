import { LEAST_RANGE_MS, MOST_RANGE_MS } from '../shared/chartMessages';

/** Choices that are kept when the page is closed. */
export interface ViewState {
  hidden: Set<string>;
  /** Nodes drawn as lines where most are only in the band. */
  pinned: Set<string>;
  /** Are experiments shown on the charts? */
  experiments: boolean;
  all: boolean;
  tables: boolean;
  log: boolean;
  /** Is the scoreboard open? */
  scoreboard: boolean;
  /** Is the coverage open? */
  coverage: boolean;
  /** The comparison whose time range was shown. */
  compared: number | undefined;
  windowMs: number | undefined;
  /** The fixed range that is shown; undefined = the newest data. */
  stretch: { fromMs: number; toMs: number } | undefined;
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

function stretchOf(value: unknown): ViewState['stretch'] {
  if (typeof value !== 'object' || value === null) return undefined;
  const { fromMs, toMs } = value as Record<string, unknown>;
  if (!isTime(fromMs) || !isTime(toMs)) return undefined;
  return toMs - fromMs >= LEAST_RANGE_MS && toMs - fromMs <= MOST_RANGE_MS ? { fromMs, toMs } : undefined;
}

const setOf = (value: unknown): Set<string> =>
  new Set(Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);

/** Parses what the editor kept; another version may have written it. */
export function readState(kept: unknown): ViewState {
  const saved = (typeof kept === 'object' && kept !== null ? kept : {}) as Record<string, unknown>;
  const { windowMs, compared } = saved;
  return {
    hidden: setOf(saved['hidden']),
    pinned: setOf(saved['pinned']),
    experiments: saved['experiments'] !== false,
    all: saved['all'] === true,
    tables: saved['tables'] === true,
    log: saved['log'] === true,
    scoreboard: saved['scoreboard'] === true,
    coverage: saved['coverage'] === true,
    compared: typeof compared === 'number' ? compared : undefined,
    windowMs: typeof windowMs === 'number' ? windowMs : undefined,
    stretch: stretchOf(saved['stretch']),
  };
}

/** The same as plain data. */
export const toSaved = ({ hidden, pinned, ...rest }: ViewState): object => ({
  ...rest,
  hidden: [...hidden],
  pinned: [...pinned],
});

/** A range in whole milliseconds, neither too short nor too long, and not in the future. */
export function boundStretch(fromMs: number, toMs: number, nowMs: number): { fromMs: number; toMs: number } {
  const length = Math.round(Math.min(MOST_RANGE_MS, Math.max(LEAST_RANGE_MS, toMs - fromMs)));
  const centre = (fromMs + toMs) / 2;
  const to = Math.min(Math.round(centre + length / 2), Math.round(nowMs));
  return { fromMs: Math.max(0, to - length), toMs: Math.max(length, to) };
}
