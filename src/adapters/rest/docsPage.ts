import { createHash } from 'node:crypto';
import type { OpenApiDocument, OpenApiOperation } from './openApi';

/** An answer that is the same for everybody. */
export interface StaticPage {
  type: string;
  text: string;
  headers: Readonly<Record<string, string>>;
}

/** The page at `/docs`: what can be asked, and a form to ask it. It loads nothing from anywhere. */
export function docsPage(document: OpenApiDocument): StaticPage {
  const policy = [
    `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; connect-src 'self'`,
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ].join('; ');
  return { type: 'text/html; charset=utf-8', text: html(document), headers: { 'Content-Security-Policy': policy } };
}

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function html(document: OpenApiDocument): string {
  const sections = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(path, method.toUpperCase(), operation)),
  );
  const { title, version, description } = document.info;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} API</title><style>${STYLE}</style></head>
<body><main><h1>${escape(title)} <small>${escape(version)}</small></h1>
<p>${escape(description)}</p>
<p><a href="/openapi.json">openapi.json</a> (OpenAPI 3.1)</p>
<label>Token <input id="token" type="password" autocomplete="off" spellcheck="false" placeholder="Copy it with “DistDiag: Copy REST API Token”"></label>
${sections.join('\n')}
</main><script>${SCRIPT}</script></body></html>`;
}

function section(
  path: string,
  method: string,
  { operationId, summary, description, requestBody }: OpenApiOperation,
): string {
  const body = requestBody
    ? `<label>Body <textarea rows="4" spellcheck="false">${escape(JSON.stringify(requestBody.content['application/json'].example, null, 2))}</textarea></label>`
    : '';
  return `<section aria-labelledby="${operationId}"><h2 id="${operationId}"><b>${method}</b> <code>${escape(path)}</code></h2>
<p><strong>${escape(summary)}.</strong> ${escape(description)}</p>
<pre class="curl" data-method="${method}" data-path="${escape(path)}"${requestBody ? ` data-body="${escape(JSON.stringify(requestBody.content['application/json'].example))}"` : ''}></pre>
<form data-method="${method}" data-path="${escape(path)}"${/stop/.test(path) ? ' data-ask="Stop what is running? This cannot be undone."' : ''}>${body}<button>Send</button> <output role="status"></output><pre tabindex="0" hidden></pre></form></section>`;
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const STYLE = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:0}main{max-width:52rem;margin:auto;padding:1rem}
h2{font-size:1.1rem;margin-bottom:0}section{border-top:1px solid #8886;margin-top:1.5rem}
input,textarea{display:block;width:100%;box-sizing:border-box;font:inherit;font-family:ui-monospace,monospace}
pre{overflow:auto;max-height:24rem;border:1px solid #8886;padding:.5rem}`;

const SCRIPT = `const token = document.getElementById('token');
for (const sample of document.querySelectorAll('pre.curl')) {
  const { method, path, body } = sample.dataset;
  const quoted = (text) => "'" + text.replaceAll("'", "'\\\\''") + "'";
  const parts = ['curl', '-X ' + method, '-H "Authorization: Bearer $TOKEN"'];
  if (body !== undefined) parts.push("-H 'Content-Type: application/json'", '-d ' + quoted(body));
  sample.textContent = [...parts, quoted(location.origin + path)].join(' ');
}
for (const form of document.forms) form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (form.dataset.ask !== undefined && !confirm(form.dataset.ask)) return;
  const [status, result] = [form.querySelector('output'), form.querySelector('pre')];
  const body = form.querySelector('textarea')?.value;
  status.textContent = '…';
  try {
    const headers = { Authorization: 'Bearer ' + token.value.trim() };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const response = await fetch(form.dataset.path, { method: form.dataset.method, headers, body });
    const text = await response.text();
    status.textContent = response.status + ' ' + response.statusText;
    try { result.textContent = JSON.stringify(JSON.parse(text), null, 2); } catch { result.textContent = text; }
    result.hidden = false;
  } catch (error) { status.textContent = String(error); }
});`;
