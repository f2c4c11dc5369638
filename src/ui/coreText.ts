import * as vscode from 'vscode';

/** Marks in the bundles the texts of rooms that know no editor; `npm run l10n` writes it. */
const COMMENT = 'core';

/** None of our texts is longer, whatever is put into it: a server's page of words is not looked through for them. */
const LONGEST = 4000;

/** A bundle's text with something put in, and the pattern that knows it again. */
interface Template {
  message: string;
  pattern: RegExp;
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
  for (const { message, pattern } of templates) {
    const put = pattern.exec(text)?.slice(1);
    if (!put) continue;
    // One that is less than the text: a pattern may begin and end with something put in, but has words of its own.
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
    .map((message) => ({ message, pattern: patternOf(message) }));
}

/** A sentence that was put in may be empty, nothing else may. */
function patternOf(message: string): RegExp {
  const source = message
    .split(/\{\d+\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('(.*?)');
  return new RegExp(`^${source}$`, 's');
}
