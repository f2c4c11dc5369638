import * as vscode from 'vscode';
import type { Log } from '../../core/base/log';
import type { HistoryService } from '../history/historyService';
import { warnOnce } from './readableCredentials';
import { clusterKey } from '../../core/cluster/clusterKey';
import { type PrometheusChoices } from './prometheusChoices';
import type { PrometheusSecrets } from './prometheusSecrets';
import type { SeriesClusters } from './seriesClusters';
import type { TrainedModels } from '../trainedModels';

/** The stores that sessions are made from. */
export interface SessionSources {
  context: vscode.ExtensionContext;
  log: Log;
  models: TrainedModels;
  history: HistoryService;
  secrets: PrometheusSecrets;
  choices: PrometheusChoices;
  clusters: SeriesClusters;
}

/** The user's settings, choices and secrets, read anew each time a session asks. */
export const sessionParts = ({ context, log, models, history, secrets, choices, clusters }: SessionSources) => ({
  root: context.extensionUri.fsPath,
  log,
  storage: context.globalStorageUri.fsPath,
  trainedModel: () => models.current,
  pastSpans: (where: Cluster) => history.spans(where),
  pastNamespaces: (where: Cluster) => history.namespaces(where),
  mayRecord: () => vscode.workspace.getConfiguration('distdiag').get('learning.record') === true,
  prometheusCredential: (url: string) => secrets.read(url),
  onReadableCredential: warnOnce(log),
  prometheusChoice: (where: Cluster) => choices.get(clusterKey(where)),
  onSeveralPrometheus: (where: Cluster, answering: Parameters<PrometheusChoices['tell']>[1]) =>
    void choices.tell(clusterKey(where), answering),
  seriesCluster: (where: Cluster) => clusters.get(clusterKey(where)),
  onSeveralClusters: (where: Cluster, choice: Parameters<SeriesClusters['tell']>[1]) =>
    void clusters.tell(clusterKey(where), choice),
});

type Cluster = Parameters<typeof clusterKey>[0];
