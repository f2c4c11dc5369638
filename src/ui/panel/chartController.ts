import * as vscode from 'vscode';
import { toAppError } from '../../core/base/errors';
import { fittingNames, type QueryGateway, type QueryStretch } from '../../core/metrics/chartQuery';
import type { MonitorState } from '../../core/monitoring/monitorState';
import type { Clock } from '../../core/base/clock';
import type { Log } from '../../core/base/log';
import { MAX_NAMES, type ChartHostMessage, type ChartViewMessage } from '../../shared/chartMessages';
import { showError } from '../text/errors';
import { OwnCharts } from './ownCharts';
import { chartData, chartText, saveFile } from './saveCharts';

/** What the messages about charts need from the panel. */
export interface ChartSideDeps {
  memory: vscode.Memento;
  /** The cluster's. */
  clock: Pick<Clock, 'now'>;
  log: Log;
  post: (message: ChartHostMessage) => void;
  /** The panel's current content. */
  shown: () => MonitorState | undefined;
  /** Runs the user's own queries; undefined without a session. */
  queries: () => QueryGateway | undefined;
}

/** Time range of queries while nothing is shown. */
const STEP_MS = 15_000;

/** Handles messages about charts, except those about the range: the user's own charts, copies and files. */
export class ChartController {
  readonly #deps: ChartSideDeps;
  readonly #own: OwnCharts;
  #asked: MonitorState['frame'];

  constructor(deps: ChartSideDeps) {
    this.#deps = deps;
    this.#own = new OwnCharts(deps.memory, (charts) => deps.post({ type: 'ownCharts', charts }), deps.log);
  }

  /** After a snapshot was sent, updates the user's own charts to the same axis. */
  follow(state: MonitorState): void {
    if (!state.frame || state.frame === this.#asked) return;
    this.#asked = state.frame;
    this.#refreshOwn();
  }

  /** A new page was loaded. */
  restart(): void {
    this.#own.resend();
  }

  /** The panel is hidden or shows another cluster: stops all queries. */
  stop(): void {
    this.#asked = undefined;
    this.#own.stop();
  }

  handle(message: Exclude<ChartViewMessage, { type: 'setRange' | 'setStretch' | 'setPixels' }>): void {
    this.#act(message).catch((thrown: unknown) => void showError(toAppError(thrown), this.#deps.log));
  }

  async #act(message: Parameters<ChartController['handle']>[0]): Promise<void> {
    const { clock, shown, queries, post } = this.#deps;
    switch (message.type) {
      case 'copyQuery': {
        const query = await this.#queryOf(message.chart);
        if (query === undefined) return;
        await vscode.env.clipboard.writeText(query);
        vscode.window.setStatusBarMessage(vscode.l10n.t('Query copied to the clipboard.'), 5000);
        return;
      }
      case 'metricNames': {
        // The user is only typing: an error message would be in the way.
        const names =
          (await queries()
            ?.names(message.text, MAX_NAMES)
            .catch(() => [])) ?? [];
        return post({ type: 'metricNames', id: message.id, names: fittingNames(names, message.text, MAX_NAMES) });
      }
      case 'saveChart': {
        const { type: _type, chart, ...look } = message;
        const gateway = queries();
        const problem = gateway
          ? await this.#own.save(chart, look, gateway, this.#stretch)
          : vscode.l10n.t('Not connected');
        post({ type: 'chartSaved', problem });
        if (problem === undefined) this.#refreshOwn();
        return;
      }
      case 'removeChart':
        return this.#own.remove(message.chart);
      case 'exportData': {
        const state = shown();
        const data = state ? chartData(state, this.#own.shown, message.chart) : [];
        await saveFile(message.chart, message.format, chartText(message.format, data), clock.now());
        return;
      }
      case 'exportImage':
        await saveFile(message.name === 'charts' ? undefined : message.name, 'png', message.bytes, clock.now());
        return;
    }
  }

  async #queryOf(chart: string): Promise<string | undefined> {
    const own = this.#own.kept.find(({ id }) => id === chart);
    const state = this.#deps.shown();
    if (own) return own.query;
    return state && this.#deps.queries()?.queryOf(chart, state.targets, state.stepMs);
  }

  /** The panel's range, else the last minutes. */
  get #stretch(): QueryStretch {
    const frame = this.#deps.shown()?.frame;
    const [fromMs, toMs] = [frame?.timestamps[0], frame?.timestamps.at(-1)];
    if (frame && fromMs !== undefined && toMs !== undefined) return { fromMs, toMs, stepMs: frame.stepMs };
    const now = Math.floor(this.#deps.clock.now() / STEP_MS) * STEP_MS;
    return { fromMs: now - 20 * STEP_MS, toMs: now, stepMs: STEP_MS };
  }

  #refreshOwn(): void {
    const queries = this.#deps.queries();
    if (!queries || !this.#deps.shown()?.frame) return;
    this.#own
      .refresh(queries, this.#stretch)
      .catch((thrown: unknown) => this.#deps.log.debug(`charts of one's own: ${String(thrown)}`));
  }
}
