import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** One label matcher of a selector. */
export interface Matcher {
  label: string;
  op: '=' | '!=' | '=~' | '!~';
  value: string;
}

/** A query that this engine refuses; `bad_data` in Prometheus's API. */
export class QueryError extends Error {
  readonly type: 'bad_data' | 'execution';

  constructor(message: string, type: 'bad_data' | 'execution' = 'bad_data') {
    super(message);
    this.type = type;
  }
}

/** A node of the published grammar's tree with its text. */
export interface Node {
  type: string;
  text: string;
  children: Node[];
}

/** Parses an expression; throws QueryError with the place of the first mistake. */
export function parseExpression(text: string): Node {
  if (text.trim() === '')
    throw new QueryError('invalid parameter "query": unknown position: parse error: no expression found in input');
  const build = (node: SyntaxNode): Node => {
    if (node.type.isError) {
      throw new QueryError(
        `invalid parameter "query": 1:${node.from + 1}: parse error: unexpected ${JSON.stringify(text.slice(node.from, node.from + 12) || 'end of input')}`,
      );
    }
    const children: Node[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.type.name !== 'LineComment') children.push(build(child));
    }
    return { type: node.type.name, text: text.slice(node.from, node.to), children };
  };
  const top = build(parser.parse(text).topNode);
  const expression = top.children[0];
  if (!expression || top.children.length !== 1)
    throw new QueryError('invalid parameter "query": parse error: one expression expected');
  return expression;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** A duration such as `1h30m` in milliseconds. */
export function parseDurationMs(text: string): number {
  if (text === '' || !/^(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/.test(text))
    throw new QueryError(`not a valid duration string: ${JSON.stringify(text)}`);
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g))
    total += Number(amount) * (UNIT_MS[unit as string] as number);
  return total;
}

/** A number literal: decimal, exponent, hexadecimal, octal, Inf, NaN. */
export function parseNumber(text: string): number {
  const plain = text.toLowerCase();
  if (/^[+-]?inf$/.test(plain)) return plain.startsWith('-') ? -Infinity : Infinity;
  if (/^[+-]?nan$/.test(plain)) return NaN;
  // As Go reads it: a leading zero makes an octal number of what can be one.
  const value = /^0[0-7]+$/.test(plain) ? parseInt(plain, 8) : Number(plain);
  if (Number.isNaN(value)) throw new QueryError(`bad number or duration syntax: ${JSON.stringify(text)}`);
  return value;
}

/** A string literal in double, single or back quotes. */
export function parseString(text: string): string {
  const body = text.slice(1, -1);
  if (text.startsWith('`')) return body;
  return body.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/gs, (whole, code: string) => {
    if (/^[xu]./.test(code)) return String.fromCharCode(parseInt(code.slice(1), 16));
    const plain: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', "'": "'" };
    const value = plain[code];
    if (value === undefined) throw new QueryError(`unknown escape sequence ${whole}`);
    return value;
  });
}

/** The matchers of a VectorSelector, its name as a matcher of `__name__`. */
export function parseMatchers(selector: Node): Matcher[] {
  const matchers: Matcher[] = [];
  for (const child of selector.children) {
    if (child.type === 'Identifier') matchers.push({ label: '__name__', op: '=', value: child.text });
    else if (child.type === 'LabelMatchers') {
      for (const part of child.children) {
        const [label, op, value] = part.children;
        if (part.type !== 'UnquotedLabelMatcher' || !label || !op || !value)
          throw new QueryError(`unsupported label matcher ${part.text}`);
        matchers.push({ label: label.text, op: op.text as Matcher['op'], value: parseString(value.text) });
      }
    } else throw new QueryError(`unsupported in a selector: ${child.text}`);
  }
  const names = matchers.filter(({ label }) => label === '__name__').map(({ value }) => JSON.stringify(value));
  if (names.length > 1 && selector.children.some(({ type }) => type === 'Identifier'))
    throw new QueryError(`metric name must not be set twice: ${names.join(' or ')}`);
  return matchers;
}
