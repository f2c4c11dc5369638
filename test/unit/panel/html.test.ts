import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { panelHtml } from '../../../src/ui/panel/html';
import { Uri } from '../editor/vscode';

const SOURCE = 'https://*.vscode-cdn.net';
const page = (): string =>
  panelHtml(
    { asWebviewUri: ({ path }: Uri) => `https://file.vscode-cdn.net${path}`, cspSource: SOURCE } as never,
    Uri.file('/') as never,
  );
const policyOf = (html: string): Map<string, string[]> => {
  const [, content = ''] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html) ?? [];
  const parts = content.split(';').map((one) => one.trim().split(/\s+/));
  return new Map(parts.filter(([name]) => name !== '').map(([name = '', ...values]) => [name, values]));
};

it('allows its own script by a nonce, its own style and pictures, and nothing else', () => {
  const html = page();
  const policy = policyOf(html);
  expect(policy.get('default-src')).toEqual(["'none'"]);
  expect([...policy.keys()].sort()).toEqual([
    'base-uri',
    'default-src',
    'form-action',
    'img-src',
    'script-src',
    'style-src',
  ]);
  // What default-src does not stand for: where relative addresses lead, and where forms are sent.
  expect([policy.get('base-uri'), policy.get('form-action')]).toEqual([["'none'"], ["'none'"]]);
  const [nonce = '', ...more] = policy.get('script-src') ?? [];
  expect(more).toEqual([]);
  expect(nonce).toMatch(/^'nonce-[A-Za-z0-9+/]{22}=='$/);
  expect(policy.get('style-src')).toEqual([SOURCE]);
  expect(policy.get('img-src')).toEqual([SOURCE, 'data:']);
  expect(html).not.toMatch(/unsafe-(inline|eval|hashes)|strict-dynamic|'self'|\*(?!\.vscode-cdn)/);
});

it('has a nonce of its own at every load', () => {
  const nonces = Array.from({ length: 50 }, () => policyOf(page()).get('script-src')?.[0]);
  expect(new Set(nonces).size).toBe(50);
});

it('has no script, style, frame or handler of its own in the page, and no origin but the editor’s', () => {
  const html = page();
  const scripts = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)].map(([, attributes, body]) => ({
    attributes,
    body,
  }));
  // Data is no script: the browser does not run it.
  const run = scripts.filter(({ attributes }) => !/type="application\/json"/.test(attributes as string));
  expect(run).toHaveLength(1);
  expect(run[0]?.body).toBe('');
  const nonce = policyOf(html).get('script-src')?.[0]?.slice("'nonce-".length, -1);
  expect(run[0]?.attributes).toContain(`nonce="${nonce}"`);
  expect(html).not.toMatch(/<style|style="|\son\w+="|<iframe|<object|<embed|<base|<form|javascript:/i);
  const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address as string);
  expect(addresses).toHaveLength(4);
  for (const address of addresses) expect(address).toMatch(/^https:\/\/file\.vscode-cdn\.net\/(dist|media)\//);
});

it('what it loads asks for nothing elsewhere', () => {
  const css = readFileSync(path.join(__dirname, '../../../media/panel.css'), 'utf8');
  expect(css).not.toMatch(/@import|url\(\s*['"]?(https?:)?\/\//);
});
