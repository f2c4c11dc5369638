import * as vscode from 'vscode';
import { isReadable } from '../../core/cluster/connection';
import { markdownText } from '../../core/base/sanitize';
import type { PrometheusAttempt, PrometheusCheck } from '../../core/cluster/prometheusService';
import { localized } from './coreText';
import { readableWords } from '../session/readableCredentials';

/** The result of a connection check to Prometheus, in Markdown: each address, its answer, what to do next. */
export function prometheusReport(check: PrometheusCheck, passwordInSetting: boolean): string {
  const { source, credentials, attempts, problem } = check;
  const paragraphs = [`# ${vscode.l10n.t('Prometheus connection')}`];
  for (const attempt of attempts) paragraphs.push(...attemptWords(attempt, source, credentials));
  if (problem !== undefined) paragraphs.push(markdownText(localized(problem)));
  paragraphs.push(
    {
      address: vscode.l10n.t('The address is set by distdiag.prometheus.url or PROMETHEUS_URL.'),
      chosen: vscode.l10n.t('The service you chose, reached through the API server.'),
      found: vscode.l10n.t('No address is set. Services that look like Prometheus are tried through the API server.'),
    }[source],
  );
  const [tried] = attempts;
  if (source === 'address' && credentials !== undefined && tried && isReadable(tried.url))
    paragraphs.push(markdownText(readableWords(new URL(tried.url).origin)));
  if (passwordInSetting)
    paragraphs.push(
      vscode.l10n.t(
        'The address in the settings contains a password. DistDiag: Set Prometheus Password moves it to secret storage.',
      ),
    );
  return `${paragraphs.join('\n\n')}\n`;
}

/** The result for one address; a server's text stays plain. */
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
