import * as vscode from 'vscode';
import type { Origin, OriginChoice } from '../../core/metrics/origins';
import { isRecord } from '../../core/base/unknown';
import { showInformationMessage } from '../text/notify';

const KEY = 'distdiag.prometheus.cluster';

/** Which of the Kubernetes clusters in one Prometheus each context’s series are; kept for this workspace. */
export class SeriesClusters {
  readonly #memory: vscode.Memento;
  readonly #found = new Map<string, OriginChoice>();
  readonly #told = new Set<string>();

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** The label that was chosen, with its value; undefined where it is left to what the API server tells. */
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

  /** What Prometheus had when it was last asked; undefined where all series were of one cluster. */
  found(context: string): OriginChoice | undefined {
    return this.#found.get(context);
  }

  /** Keeps which clusters there are, and asks once in a window where nothing tells which is ours. */
  async tell(context: string, choice: OriginChoice): Promise<void> {
    this.#found.set(context, choice);
    if (choice.own || this.#told.has(context)) return;
    this.#told.add(context);
    const choose = vscode.l10n.t('Choose…');
    const message = vscode.l10n.t(
      'Prometheus has the series of several Kubernetes clusters, and nothing tells which of them is this one: none are shown until you choose.',
    );
    if ((await showInformationMessage(message, choose)) === choose)
      await vscode.commands.executeCommand('distdiag.chooseMetricsCluster');
  }

  #all(): Readonly<Record<string, unknown>> {
    const value = this.#memory.get<unknown>(KEY);
    return isRecord(value) ? value : {};
  }
}
