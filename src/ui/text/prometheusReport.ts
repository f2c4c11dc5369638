import * as vscode from 'vscode';
import { isReadable } from '../../core/cluster/connection';
import { markdownText } from '../../core/base/sanitize';
import type { PrometheusAttempt, PrometheusCheck } from '../../core/cluster/prometheusService';
import { localized } from './coreText';
import { readableWords } from '../session/readableCredentials';

/** What a check of the connection to Prometheus found, as Markdown: each address, what came back, what to do next. */
export function prometheusReport(check: PrometheusCheck, passwordInSetting: boolean): string {
  const { source, credentials, attempts, problem } = check;
  const paragraphs = [`# ${vscode.l10n.t('Prometheus connection')}`];
  for (const attempt of attempts) paragraphs.push(...attemptWords(attempt, source, credentials));
  if (problem !== undefined) paragraphs.push(markdownText(localized(problem)));
  paragraphs.push(
    {
      address: vscode.l10n.t('The address comes from the setting distdiag.prometheus.url, or from PROMETHEUS_URL.'),
      chosen: vscode.l10n.t('This is the service that you chose, reached through the API server.'),
      found: vscode.l10n.t('No address is set: services that look like Prometheus are tried through the API server.'),
    }[source],
  );
  const [tried] = attempts;
  if (source === 'address' && credentials !== undefined && tried && isReadable(tried.url))
    paragraphs.push(markdownText(readableWords(new URL(tried.url).origin)));
  if (passwordInSetting)
    paragraphs.push(
      vscode.l10n.t(
        'The address in the settings holds a password. DistDiag: Set Prometheus Password keeps it in secret storage and takes it out of there.',
      ),
    );
  return `${paragraphs.join('\n\n')}\n`;
}

/** What came of one address; words of a server stay text. */
function attemptWords(
  { server, ok, version, cameBack, next, ms }: PrometheusAttempt,
  source: PrometheusCheck['source'],
  credentials: string | undefined,
): string[] {
  const name = version === undefined ? 'Prometheus' : `Prometheus ${markdownText(version)}`;
  const address = markdownText(server);
  const result = ok
    ? `✓ ${vscode.l10n.t('Connected to {0} ({1}, {2} ms).', address, name, ms)}`
    : `✗ ${vscode.l10n.t('No connection to {0} ({1} ms): {2}', address, ms, markdownText(localized(cameBack)))}`;
  const sent = credentials
    ? vscode.l10n.t('Authenticated by {0}.', localized(credentials))
    : vscode.l10n.t('No credentials sent.');
  return [
    source === 'address' ? `${result} ${sent}` : result,
    ...(next === undefined ? [] : [vscode.l10n.t('What to do: {0}', markdownText(localized(next)))]),
  ];
}
