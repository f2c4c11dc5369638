import * as vscode from 'vscode';
import { isReadOnly, type AccessReport } from '../../../core/cluster/access';
import { withoutSecrets } from '../../../core/cluster/connection';
import { localized } from '../../text/coreText';
import { withProgress } from '../../text/errors';
import type { Command } from '../context';

/** Shows this window's context, namespace, server, credentials and permissions; each row leads to an action. */
export const showConnection: Command = {
  id: 'showConnection',
  run: async ({ sessions }) => {
    const session = await sessions.current();
    const report = await withProgress(vscode.l10n.t('Checking your permissions'), (signal) =>
      session.access.report(signal),
    );
    const { facts, config } = session;
    const settings = (filter: string) => ['workbench.action.openSettings', filter] as const;
    const row = (icon: string, label: string, detail: string, ...then: readonly string[]) => ({
      label: `$(${icon}) ${label}`,
      detail,
      then,
    });
    const { query, chaosNamespace, prometheusUrl } = config;
    const items = [
      row('server-environment', vscode.l10n.t('Context {0}', facts.context), facts.source, 'distdiag.selectCluster'),
      row(
        'server',
        vscode.l10n.t('Server {0}', facts.server),
        [localized(facts.tls), facts.proxy ? vscode.l10n.t('through the proxy {0}', facts.proxy) : '']
          .filter(Boolean)
          .join(' · '),
        'distdiag.selectCluster',
      ),
      row(
        'database',
        vscode.l10n.t('Namespace {0}', query.namespace),
        vscode.l10n.t('experiments in {0}, pods with {1}', chaosNamespace, query.labelSelector),
        ...settings('distdiag.target'),
      ),
      row(
        'account',
        vscode.l10n.t('User {0}', report.user ?? facts.user),
        vscode.l10n.t('authenticated by {0}', localized(facts.credentials)),
        'distdiag.selectCluster',
      ),
      row('shield', permissionsWords(report), '', 'distdiag.showMissingPermissions'),
      row(
        'graph-line',
        vscode.l10n.t('Prometheus'),
        prometheusUrl
          ? vscode.l10n.t('direct: {0}', withoutSecrets(prometheusUrl))
          : (session.prometheus.used() ?? vscode.l10n.t('discovered in the cluster')),
        'distdiag.checkPrometheus',
      ),
    ];
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Connection'),
      placeHolder: vscode.l10n.t('Select a row to change or check it'),
    });
    const [command, ...args] = chosen?.then ?? [];
    if (command) await vscode.commands.executeCommand(command, ...args);
  },
};

function permissionsWords(report: AccessReport): string {
  const { missing, incomplete } = report;
  if (missing.length === 0)
    return incomplete ? vscode.l10n.t('Permissions unknown') : vscode.l10n.t('All required permissions granted');
  return isReadOnly(report)
    ? vscode.l10n.t('Read-only: {0} permissions are missing', missing.length)
    : vscode.l10n.t('{0} permissions are missing', missing.length);
}
