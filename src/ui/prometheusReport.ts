import * as vscode from 'vscode';
import { isReadable } from '../core/connection';
import type { PrometheusCheck } from '../core/prometheusService';
import { localized } from './coreText';
import { readableWords } from './readableCredentials';

/** What a check of the way to Prometheus found, as a document: each address, what came back, what to do next. */
export function prometheusReport(check: PrometheusCheck, passwordInSetting: boolean): string {
  const { source, credentials, attempts, problem } = check;
  const lines = [`# ${vscode.l10n.t('The way to Prometheus')}`, ''];
  lines.push(
    {
      address: vscode.l10n.t('The address of distdiag.prometheus.url, else of PROMETHEUS_URL, is used.'),
      chosen: vscode.l10n.t('The service that you chose is used, through the API server.'),
      found: vscode.l10n.t('There is no address: services that look like Prometheus are tried through the API server.'),
    }[source],
  );
  if (source === 'address')
    lines.push(
      credentials === undefined
        ? vscode.l10n.t('Nothing lets us in: no token, no password, no client certificate.')
        : vscode.l10n.t('What lets us in: {0}.', localized(credentials)),
    );
  const [tried] = attempts;
  if (source === 'address' && credentials !== undefined && tried && isReadable(tried.url))
    lines.push(readableWords(new URL(tried.url).origin));
  if (passwordInSetting)
    lines.push(
      vscode.l10n.t(
        'The address in the settings holds a password. DistDiag: Set Prometheus Password keeps it in secret storage and takes it out of there.',
      ),
    );
  for (const { url, ok, cameBack, next, ms } of attempts) {
    lines.push('', `## ${ok ? '✓' : '✗'} ${url}`, '');
    lines.push(vscode.l10n.t('What came back after {0} ms: {1}', ms, localized(cameBack)));
    if (next !== undefined) lines.push(vscode.l10n.t('What to do: {0}', localized(next)));
  }
  if (problem !== undefined) lines.push('', localized(problem));
  return `${lines.join('\n')}\n`;
}
