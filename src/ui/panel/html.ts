import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { METRICS } from '../../core/metrics/catalogue';
import { PANEL_TEXTS, TRANSLATIONS_ID, type Translations } from '../../shared/panelTexts';
import { localized } from '../text/coreText';

/** The panel's page: only our own script (by nonce) and style are allowed, and no connection anywhere. */
export function panelHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview.js')).toString();
  const styles = ['panel.css', 'layout.css', 'charts.css'].map((file) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'media', file)).toString(),
  );
  const csp = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}; img-src ${webview.cspSource} data:; base-uri 'none'; form-action 'none';`;
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
  <meta charset="UTF-8">
  <meta http-equiv="Content-Security-Policy" content="${csp}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  ${styles.map((style) => `<link rel="stylesheet" href="${style}">`).join('\n  ')}
  <title>DistDiag</title>
</head>
<body>
  <main id="app"></main>
  <script type="application/json" id="${TRANSLATIONS_ID}">${json(translations())}</script>
  <script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

/** The page's texts and the metrics' names in the editor's language; none if it is English. */
function translations(): Translations {
  const bundle: Translations | undefined = vscode.l10n.bundle;
  if (!bundle) return {};
  const names = METRICS.flatMap(({ title, description }) => [title, description]);
  return Object.fromEntries([
    ...PANEL_TEXTS.map((text): [string, string] => [text, bundle[text] ?? text]),
    ...names.map((text): [string, string] => [String(text), localized(text)]),
  ]);
}

/** JSON for a script element: nothing in it can end that element. */
const json = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');
