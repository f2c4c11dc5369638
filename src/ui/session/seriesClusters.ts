import * as vscode from 'vscode';
import type { Origin, OriginChoice } from '../../core/metrics/origins';
import { isRecord } from '../../core/base/unknown';
import { showInformationMessage } from '../text/notify';

const KEY = 'distdiag.prometheus.cluster';

/** Which of several Kubernetes clusters in one Prometheus belongs to each context; kept for this workspace. */
export class SeriesClusters {
  readonly #memory: vscode.Memento;
  readonly #found = new Map<string, OriginChoice>();
  readonly #told = new Set<string>();

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** The chosen label and value; undefined = decided by what the API server says. */
  get(context: string): Origin | undefined {
    const one = this.#all()[context];
    if (!isRecord(one)) return undefined;
    const { label, value } = one;
    return typeof label === 'string' && typeof value === 'string' ? { [label]: value } : undefined;
  }

  async set(context: string, chosen: { label: string; value: string } | undefined): Promise<void> {
    const { [context]: _old, ...others } = this.#all();
    await this.#memory.update(KEY, chosen ? { ...others, [context]: chosen } : others);
  }

  /** The clusters that Prometheus had at the last query; undefined if all series were of one cluster. */
  found(context: string): OriginChoice | undefined {
    return this.#found.get(context);
  }

  /** Remembers the clusters, and asks once per window if it is unclear which one is ours. */
  async tell(context: string, choice: OriginChoice): Promise<void> {
    this.#found.set(context, choice);
    if (choice.own || this.#told.has(context)) return;
    this.#told.add(context);
    const choose = vscode.l10n.t('Choose…');
    const message = vscode.l10n.t(
      'Prometheus has series of several Kubernetes clusters, and nothing identifies this one. No metrics are shown until you choose.',
    );
    if ((await showInformationMessage(message, choose)) === choose)
      await vscode.commands.executeCommand('distdiag.chooseMetricsCluster');
  }

  #all(): Readonly<Record<string, unknown>> {
    const value = this.#memory.get<unknown>(KEY);
    return isRecord(value) ? value : {};
  }
}
