import type * as vscode from 'vscode';
import * as kubernetes from '../../../src/adapters/kubernetes/index';
import * as prometheus from '../../../src/adapters/prometheus/index';
import { accessNeeds } from '../../../src/core/cluster/access';
import { AccessGuard } from '../../../src/core/cluster/accessGuard';
import { systemClock } from '../../../src/core/base/clock';
import { AppError } from '../../../src/core/base/errors';
import type { Log } from '../../../src/core/base/log';
import { prometheusConnection } from '../../../src/prometheusConnection';
import type { CommandContext } from '../../../src/ui/commands/context';
import { COMMANDS } from '../../../src/ui/commands/index';
import type { Config } from '../../../src/ui/session/config';
import { showError } from '../../../src/ui/text/errors';
import { clusterKey } from '../../../src/core/cluster/clusterKey';
import { PrometheusChoices } from '../../../src/ui/session/prometheusChoices';
import { PrometheusSecrets } from '../../../src/ui/session/prometheusSecrets';
import { warnOnce } from '../../../src/ui/session/readableCredentials';
import { ReportDocuments } from '../../../src/ui/documents/reportDocuments';
import type { ClusterSession, SessionManager } from '../../../src/ui/session/session';
import { desk } from '../editor/desk';
import { Memory } from '../editor/memory';
import { DEMO_QUERY } from '../../support';

/** The extension's commands on a real connection, without the editor. */
export class ConnectionWorld {
  readonly memory = new Memory();
  readonly vault = new Memory();
  readonly choices = new PrometheusChoices(this.memory as unknown as vscode.Memento);
  readonly secrets = new PrometheusSecrets(this.vault as unknown as vscode.SecretStorage);
  readonly reports = new ReportDocuments();
  prometheusUrl = '';
  prometheusTls = { certificate: '', key: '', authority: '' };
  #session: Promise<ClusterSession> | undefined;

  constructor(
    readonly kubeconfigPath: string,
    readonly log: Log,
  ) {
    desk.provider = this.reports as never;
  }

  config(): Config {
    const { prometheusUrl, prometheusTls } = this;
    return {
      query: DEMO_QUERY,
      chaosNamespace: 'oceanbase',
      prometheusUrl,
      prometheusTls,
      prometheusTenant: '',
      kubeconfig: this.kubeconfigPath,
      protection: 'confirm',
      protectedContexts: [],
      protectedNamespaces: [],
      trusted: true,
    } as unknown as Config;
  }

  session(): Promise<ClusterSession> {
    this.#session ??= this.#open();
    return this.#session;
  }

  async #open(): Promise<ClusterSession> {
    const { log } = this;
    const config = this.config();
    const { query, chaosNamespace, kubeconfig } = config;
    const connection = await kubernetes.connect({ kubeconfigPath: kubeconfig, trusted: true, log });
    const way = prometheusConnection(
      {
        log,
        prometheusCredential: (url) => this.secrets.read(url),
        prometheusChoice: (where) => this.choices.get(clusterKey(where)),
        onReadableCredential: warnOnce(log),
        onSeveralPrometheus: (where, answering) => void this.choices.tell(clusterKey(where), answering),
      },
      config,
      connection,
      prometheus,
    );
    const access = new AccessGuard({
      gateway: connection.access,
      needs: () => accessNeeds({ targetNamespace: query.namespace, chaosNamespace, prometheus: way.scope() }),
      context: connection.context,
      clock: systemClock,
      log,
    });
    return {
      ...connection,
      clock: systemClock,
      config,
      access,
      prometheus: way.access,
      resolve: way.resolve,
      store: { snapshot: { experiments: [] } },
      scenarios: { all: [], stopAll: () => Promise.resolve({ stopped: [], failed: [] }) },
      monitor: { state: {} },
    } as unknown as ClusterSession;
  }

  /** As the extension would after a change of its settings. */
  reopen(): void {
    void this.#session?.then((session) => session.dispose());
    this.#session = undefined;
  }

  /** Runs a command; what it throws is shown as the extension shows it. */
  async run(id: string, ...args: unknown[]): Promise<void> {
    const sessions = {
      current: () => this.session(),
      config: () => this.config(),
      reopen: () => this.reopen(),
      toYaml: (object: unknown) => Promise.resolve(kubernetes.toYaml(object)),
      contexts: async () => kubernetes.readContexts(this.kubeconfigPath),
      isDemo: false,
    } as unknown as SessionManager;
    const { reports, secrets, choices, log } = this;
    const context = { sessions, reports, secrets, choices, log, clock: systemClock, demo: {}, createdBy: 'test' };
    const command = COMMANDS.find((one) => one.id === id);
    if (!command) throw new AppError('internal', `no command ${id}`);
    try {
      await command.run(context as unknown as CommandContext, ...args);
    } catch (error) {
      await showError(error, log as CommandContext['log']);
    }
  }
}
