import * as vscode from 'vscode';
import { isAbort, toAppError } from '../../core/base/errors';
import { MAX_SERIES, type QueryGateway, type QueryStretch } from '../../core/metrics/chartQuery';
import type { Log } from '../../core/base/log';
import { lookOf, type OwnChart, type OwnChartLook } from '../../shared/chartMessages';
import { localized } from '../text/coreText';
import { sentences } from '../text/errors';
import { wordsOf } from './snapshot';

/** A stored chart of the user. */
interface KeptChart extends OwnChartLook {
  id: string;
}

const KEY = 'distdiag.charts';
/** More charts would load a server too much at every refresh. */
const MOST_CHARTS = 20;

/** The user's PromQL charts: stored with the workspace, queried again with every snapshot. */
export class OwnCharts {
  readonly #memory: vscode.Memento;
  readonly #post: (charts: readonly OwnChart[]) => void;
  readonly #log: Log;
  #shown: readonly OwnChart[] = [];
  #running: AbortController | undefined;

  constructor(memory: vscode.Memento, post: (charts: readonly OwnChart[]) => void, log: Log) {
    this.#memory = memory;
    this.#post = post;
    this.#log = log;
  }

  /** The charts as last shown. */
  get shown(): readonly OwnChart[] {
    return this.#shown;
  }

  get kept(): readonly KeptChart[] {
    const kept = this.#memory.get<unknown>(KEY);
    return Array.isArray(kept) ? kept.flatMap((one) => keptOf(one) ?? []).slice(0, MOST_CHARTS) : [];
  }

  /**
   * Stores a new or changed chart if the server accepts its query; otherwise returns the reason, in the editor's language.
   */
  async save(
    id: string | undefined,
    look: OwnChartLook,
    queries: Pick<QueryGateway, 'range'>,
    stretch: QueryStretch,
  ): Promise<string | undefined> {
    const { kept } = this;
    const before = kept.find((chart) => chart.id === id);
    if (id !== undefined && !before) return vscode.l10n.t('This chart no longer exists.');
    if (kept.some((chart) => chart !== before && chart.query === look.query))
      return vscode.l10n.t('A chart with this query already exists.');
    if (!before && kept.length >= MOST_CHARTS)
      return vscode.l10n.t('There are already {0} charts. Remove one first.', MOST_CHARTS);
    if (before?.query !== look.query)
      try {
        await queries.range(look.query, stretch, MAX_SERIES);
      } catch (thrown) {
        const { text, hint } = toAppError(thrown);
        return sentences(text, hint);
      }
    const last = Math.max(0, ...kept.map((chart) => Number(chart.id.slice('own:'.length))));
    const chart = { id: before?.id ?? `own:${last + 1}`, ...look };
    await this.#memory.update(KEY, before ? kept.map((one) => (one === before ? chart : one)) : [...kept, chart]);
    return undefined;
  }

  async remove(id: string): Promise<void> {
    await this.#memory.update(
      KEY,
      this.kept.filter((chart) => chart.id !== id),
    );
    this.#shown = this.#shown.filter((chart) => chart.id !== id);
    this.#post(this.#shown);
  }

  /** Queries all charts for a time range, one after the other; drops pending answers. */
  async refresh(queries: QueryGateway, stretch: QueryStretch): Promise<void> {
    this.#running?.abort();
    const { kept } = this;
    if (kept.length === 0) return;
    const running = new AbortController();
    this.#running = running;
    const charts: OwnChart[] = [];
    for (const chart of kept) {
      const answer = await this.#ask(chart, queries, stretch, running.signal);
      if (!answer || running.signal.aborted) return;
      charts.push(answer);
    }
    this.#shown = charts;
    this.#post(charts);
  }

  /** Sends the charts again, to a new page. */
  resend(): void {
    if (this.#shown.length > 0) this.#post(this.#shown);
  }

  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  async #ask(
    { id, ...look }: KeptChart,
    queries: QueryGateway,
    stretch: QueryStretch,
    signal: AbortSignal,
  ): Promise<OwnChart | undefined> {
    try {
      const { timestamps, lines, left, warnings } = await queries.range(look.query, stretch, MAX_SERIES, signal);
      const nothing = lines.length === 0 ? vscode.l10n.t('The query returned no samples in this range.') : undefined;
      const message = warnings.map(localized).join(' ') || nothing;
      return { id, ...look, timestamps, lines, left, problem: message ? { message, hint: undefined } : undefined };
    } catch (thrown) {
      if (signal.aborted || isAbort(thrown)) return undefined;
      const error = toAppError(thrown);
      this.#log.debug(`a chart of the user's own: ${error.message}`);
      return { id, ...look, timestamps: new Float64Array(), lines: [], left: 0, problem: wordsOf(error) };
    }
  }
}

function keptOf(value: unknown): KeptChart | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { id } = value as Record<string, unknown>;
  const look = lookOf(value as Record<string, unknown>);
  return look && typeof id === 'string' && /^own:\d{1,9}$/.test(id) ? { id, ...look } : undefined;
}
