import { msg, type Text } from '../base/text';

const CLOSES: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
/** Strings, comments and brackets; in backquotes nothing is escaped. */
const TOKENS = /"(?:[^"\\]|\\.)*("?)|'(?:[^'\\]|\\.)*('?)|`[^`]*(`?)|#[^\n]*|[()[\]{}]/gs;

/**
 * What is wrong with the brackets and quotes of a query; undefined where nothing is. No more than these: VictoriaMetrics
 * takes a larger language than Prometheus, and the server itself says the rest.
 */
export function unbalanced(query: string): Text | undefined {
  const open: string[] = [];
  for (const [token, ...closed] of query.replace(/\r/g, '').matchAll(TOKENS)) {
    const first = token.charAt(0);
    if (/["'`]/.test(first)) {
      if (closed.join('') === '') return msg`The query has a ${first} that is not closed.`;
    } else if ('([{'.includes(first)) open.push(first);
    else if (first in CLOSES && open.pop() !== CLOSES[first])
      return msg`The query has a "${first}" that closes nothing.`;
  }
  const left = open.at(-1);
  return left === undefined ? undefined : msg`The query has a "${left}" that is not closed.`;
}
