import * as vscode from 'vscode';
import {
  sameService,
  serviceName,
  toPrometheusService,
  type PrometheusService,
} from '../../core/cluster/prometheusService';
import { showInformationMessage } from '../text/notify';

const KEY = 'distdiag.prometheus.chosen';

/** Which of several Prometheus services the user chose in each cluster; kept for this workspace. */
export class PrometheusChoices {
  readonly #memory: vscode.Memento;
  readonly #told = new Set<string>();

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  get(cluster: string): PrometheusService | undefined {
    return toPrometheusService(this.#all()[cluster]);
  }

  /** Remembers a choice; undefined = choose automatically. */
  async set(cluster: string, service: PrometheusService | undefined): Promise<void> {
    const { [cluster]: _old, ...others } = this.#all();
    await this.#memory.update(KEY, service ? { ...others, [cluster]: service } : others);
  }

  /** Says once per window that there are several services, and which is used; remembers the user's answer. */
  async tell(cluster: string, answering: readonly PrometheusService[]): Promise<void> {
    const [used] = answering;
    if (!used || this.#told.has(cluster) || this.get(cluster)) return;
    this.#told.add(cluster);
    const choose = vscode.l10n.t('Choose…');
    const keep = vscode.l10n.t('Keep Running');
    const answer = await showInformationMessage(
      vscode.l10n.t(
        '{0} services in the cluster respond as Prometheus. Using {1}.',
        answering.length,
        serviceName(used),
      ),
      choose,
      keep,
    );
    if (answer === keep) await this.set(cluster, used);
    else if (answer === choose) void vscode.commands.executeCommand('distdiag.choosePrometheus');
  }

  /** True for the service that was chosen. */
  is(cluster: string, service: PrometheusService): boolean {
    const chosen = this.get(cluster);
    return chosen !== undefined && sameService(chosen, service);
  }

  #all(): Readonly<Record<string, unknown>> {
    const value = this.#memory.get<unknown>(KEY);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  }
}
