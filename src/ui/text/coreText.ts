import * as vscode from 'vscode';

/** Marks in the bundles the texts of rooms that know no editor; `npm run l10n` writes it. */
const COMMENT = 'core';

/** A longer text is mostly a server's own words: it is shown as it is, and not looked through for ours. */
const LONGEST = 1500;

/** A bundle's text with something put in, and its own words around that. */
interface Template {
  message: string;
  parts: readonly string[];
}

let known: { bundle: object; templates: readonly Template[] } | undefined;

/**
 * A text of the core or an adapter in the editor's language; as it is where the bundle does not have it, such as the
 * words of a server. What was put into a text is looked up too, and a row of sentences one by one.
 */
export function localized(text: string): string {
  const { bundle } = vscode.l10n;
  if (bundle === undefined || text === '' || text.length > LONGEST) return text;
  if (known?.bundle !== bundle) known = { bundle, templates: templatesOf(bundle) };
  return translate(text, bundle, known.templates);
}

function translate(text: string, bundle: Readonly<Record<string, string>>, templates: readonly Template[]): string {
  const whole = bundle[`${text}/${COMMENT}`];
  if (whole !== undefined) return whole;
  for (const { message, parts } of templates) {
    const put = putInto(parts, text);
    if (!put) continue;
    // Each is less than the text: a template may begin and end with something put in, but has words of its own.
    const args = put.map((one) => translate(one, bundle, templates));
    return vscode.l10n.t({ message, args, comment: [COMMENT] });
  }
  const end = /[.!?…] /.exec(text);
  if (!end) return text;
  const [first, rest] = [text.slice(0, end.index + 1), text.slice(end.index + 2)];
  return `${translate(first, bundle, templates)} ${translate(rest, bundle, templates)}`;
}

/** Those with the most words of their own first: of two that fit, they say more exactly what was meant. */
function templatesOf(bundle: object): Template[] {
  const own = (message: string): number => message.replace(/\{\d+\}/g, '').length;
  return Object.keys(bundle)
    .filter((key) => key.endsWith(`/${COMMENT}`) && key.includes('{0}'))
    .map((key) => key.slice(0, -COMMENT.length - 1))
    .sort((a, b) => own(b) - own(a))
    .map((message) => ({ message, parts: message.split(/\{\d+\}/) }));
}

/**
 * What stands between the parts of a template, undefined where a text is not made of it; a sentence that was put in may be
 * empty. Takes linear time, as a regular expression with several gaps does not.
 */
function putInto(parts: readonly string[], text: string): string[] | undefined {
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) return undefined;
  const put: string[] = [];
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0) return undefined;
    put.push(text.slice(from, at));
    from = at + part.length;
  }
  const end = text.length - last.length;
  return end < from ? undefined : [...put, text.slice(from, end)];
}
