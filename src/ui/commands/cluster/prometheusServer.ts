import * as vscode from 'vscode';
import { parseServiceName, serviceName, type PrometheusCandidate } from '../../../core/cluster/prometheusService';
import { localized } from '../../text/coreText';
import { withProgress } from '../../text/errors';
import { showInformationMessage } from '../../text/notify';
import { clusterKey } from '../../../core/cluster/clusterKey';
import { prometheusReport } from '../../text/prometheusReport';
import { withoutUser } from '../../session/prometheusSecrets';
import type { Command } from '../context';

/** Chooses one of the cluster's services, and remembers it for this cluster. */
export const choosePrometheus: Command = {
  id: 'choosePrometheus',
  run: async ({ sessions, choices }) => {
    const session = await sessions.current();
    if (session.config.prometheusUrl !== '') {
      const open = vscode.l10n.t('Open Settings');
      const message = vscode.l10n.t(
        'distdiag.prometheus.url is set and takes precedence over services in the cluster.',
      );
      if ((await showInformationMessage(message, open)) === open)
        await vscode.commands.executeCommand('workbench.action.openSettings', 'distdiag.prometheus');
      return;
    }
    const key = clusterKey(session);
    const candidates = await withProgress(vscode.l10n.t('Looking for Prometheus'), (signal) =>
      session.prometheus.candidates(signal),
    );
    const chosen = await vscode.window.showQuickPick(
      [
        ...candidates.map((candidate) => ({
          label: serviceName(candidate.service),
          description: choices.is(key, candidate.service) ? vscode.l10n.t('current') : '',
          detail: candidateWords(candidate),
          service: candidate.service,
        })),
        { label: vscode.l10n.t('Another service…'), other: true },
        {
          label: vscode.l10n.t('The best service that responds'),
          description: choices.get(key) ? '' : vscode.l10n.t('current'),
        },
      ] as (vscode.QuickPickItem & { service?: PrometheusCandidate['service']; other?: boolean })[],
      {
        title: vscode.l10n.t('Choose Prometheus'),
        placeHolder: vscode.l10n.t('For {0}. You are asked only once.', session.context),
      },
    );
    if (!chosen) return;
    const service = chosen.other ? await askForService() : chosen.service;
    if (chosen.other && !service) return;
    await choices.set(key, service);
    sessions.reopen();
  },
};

async function askForService(): Promise<PrometheusCandidate['service'] | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Choose Prometheus'),
    prompt: 'namespace/service:port/path',
    placeHolder: 'monitoring/prometheus:9090',
    validateInput: (typed) =>
      parseServiceName(typed)
        ? undefined
        : vscode.l10n.t('Use namespace/service:port, followed by a path if the API has a prefix.'),
  });
  return text === undefined ? undefined : parseServiceName(text);
}

function candidateWords({ problem, oceanbase, container }: PrometheusCandidate): string {
  if (problem !== undefined) return `$(error) ${localized(problem)}`;
  const has = [
    ...(oceanbase ? [vscode.l10n.t('OceanBase’s metrics')] : []),
    ...(container ? [vscode.l10n.t('container metrics')] : []),
  ];
  return has.length > 0
    ? `$(pass) ${vscode.l10n.t('has {0}', has.join(', '))}`
    : `$(warning) ${vscode.l10n.t('responds, but has no database or container metrics')}`;
}

/** Tests the connection to Prometheus and shows each address, its answer, and what to do next. */
export const checkPrometheusCommand: Command = {
  id: 'checkPrometheus',
  run: async ({ sessions, reports }) => {
    const session = await sessions.current();
    const check = await withProgress(vscode.l10n.t('Checking the connection to Prometheus'), (signal) =>
      session.prometheus.check(signal),
    );
    const setting = vscode.workspace.getConfiguration('distdiag').get<string>('prometheus.url') ?? '';
    await reports.preview('prometheus-check.md', prometheusReport(check, withoutUser(setting) !== undefined));
  },
};
