import * as vscode from 'vscode';
import { withProgress } from '../../text/errors';
import { showInformationMessage } from '../../text/notify';
import { clusterKey } from '../../../core/cluster/clusterKey';
import type { Command } from '../context';

/** Chooses which of several Kubernetes clusters in one Prometheus belongs to this context, and remembers it. */
export const chooseMetricsCluster: Command = {
  id: 'chooseMetricsCluster',
  run: async ({ sessions, clusters }) => {
    const session = await sessions.current();
    const key = clusterKey(session);
    // Reads the series, which contain the choices.
    await withProgress(vscode.l10n.t('Reading the series of the database pods'), async (signal) => {
      const targets = await session.targets.list(session.config.query, signal);
      await session.queries.queryOf('memory.used', targets, session.config.stepMs, signal);
    });
    const found = clusters.found(key);
    if (!found) {
      await showInformationMessage(vscode.l10n.t('Prometheus has the series of one Kubernetes cluster only.'));
      return;
    }
    const { label, values } = found;
    const chosen = clusters.get(key);
    const current = (is: boolean): string => (is ? vscode.l10n.t('current') : '');
    const picked = await vscode.window.showQuickPick(
      [
        ...values.map((value) => ({
          label: value === '' ? vscode.l10n.t('without the label {0}', label) : value,
          description: current(chosen?.[label] === value),
          chosen: { label, value },
        })),
        { label: vscode.l10n.t('Detect from the API server'), description: current(!chosen), chosen: undefined },
      ],
      {
        title: vscode.l10n.t('Choose Cluster in Prometheus'),
        placeHolder: vscode.l10n.t('Value of the label {0} in the series of {1}', label, session.context),
      },
    );
    if (!picked) return;
    await clusters.set(key, picked.chosen);
    sessions.reopen();
  },
};
