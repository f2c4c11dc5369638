import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { METRICS } from '../../core/metrics/catalogue';
import { PANEL_TEXTS, TRANSLATIONS_ID, type Translations } from '../../shared/panelTexts';
import { localized } from '../text/coreText';

/** The panel's page: nothing but our own script (by nonce) and style may run, and it may connect nowhere. */
export function panelHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview.js')).toString();
  const style = webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'media', 'panel.css')).toString();
  const csp = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}; img-src ${webview.cspSource} data:; base-uri 'none'; form-action 'none';`;
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
  <meta charset="UTF-8">
  <meta http-equiv="Content-Security-Policy" content="${csp}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${style}">
  <title>DistDiag</title>
</head>
<body>
  <main id="app"></main>
  <script type="application/json" id="${TRANSLATIONS_ID}">${json(translations())}</script>
  <script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

/** The page's own texts and the metrics' names in the editor's language; none where that is English. */
function translations(): Translations {
  const bundle: Translations | undefined = vscode.l10n.bundle;
  if (!bundle) return {};
  const names = METRICS.flatMap(({ title, description }) => [title, description]);
  return Object.fromEntries([
    ...PANEL_TEXTS.map((text): [string, string] => [text, bundle[text] ?? text]),
    ...names.map((text): [string, string] => [text, localized(text)]),
  ]);
}

/** JSON that can stand in a script element: nothing in it ends that element. */
const json = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');
