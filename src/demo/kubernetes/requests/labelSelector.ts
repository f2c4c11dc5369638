import { isLabelValue, isQualifiedName } from '../objects/metadata';
import { badRequest } from '../objects/status';

/** One requirement of a label selector. */
interface Requirement {
  key: string;
  operator: 'in' | 'notin' | 'exists' | 'absent' | 'gt' | 'lt';
  values: readonly string[];
}

const SYMBOL = /^(==|!=|[=!(),<>])/;
const OPERATORS: Readonly<Record<string, Requirement['operator']>> = {
  '=': 'in',
  '==': 'in',
  '!=': 'notin',
  in: 'in',
  notin: 'notin',
  '>': 'gt',
  '<': 'lt',
};

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const token = SYMBOL.exec(rest)?.[0] ?? (/^[^\s=!(),<>]+/.exec(rest) as RegExpExecArray)[0];
    tokens.push(token);
    rest = rest.slice(token.length).trimStart();
  }
  return tokens;
}

const isWord = (token: string | undefined): token is string => token !== undefined && !SYMBOL.test(token);

/** Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>5` by the grammar of Kubernetes; 400 on anything else, never a guess. */
function parse(text: string): Requirement[] {
  const tokens = tokensOf(text);
  let at = 0;
  const refuse = (expected: string): never => {
    throw badRequest(
      `unable to parse requirement: found '${tokens[at] ?? ''}', expected: ${expected} in ${JSON.stringify(text)}`,
    );
  };
  const word = (expected: string): string => (isWord(tokens[at]) ? (tokens[at++] as string) : refuse(expected));
  const set = (): string[] => {
    if (tokens[at] !== '(') refuse("'('");
    at += 1;
    const values: string[] = [];
    if (tokens[at] === ')') refuse('a value');
    do {
      values.push(isWord(tokens[at]) ? (tokens[at++] as string) : '');
    } while (tokens[at] === ',' && at++ >= 0);
    if (tokens[at] !== ')') refuse("',' or ')'");
    at += 1;
    return values;
  };
  const requirement = (): Requirement => {
    if (tokens[at] === '!') {
      at += 1;
      return { key: word('identifier'), operator: 'absent', values: [] };
    }
    const key = word("!, identifier, or 'end of string'");
    const sign = tokens[at];
    if (sign === undefined || sign === ',') return { key, operator: 'exists', values: [] };
    const operator = Object.hasOwn(OPERATORS, sign) ? OPERATORS[sign] : undefined;
    if (!operator) return refuse("one of '=', '!=', '==', 'in', notin', '>', '<'");
    at += 1;
    if (sign === 'in' || sign === 'notin') return { key, operator, values: set() };
    return { key, operator, values: [isWord(tokens[at]) ? (tokens[at++] as string) : ''] };
  };
  const result: Requirement[] = [];
  while (at < tokens.length || result.length > 0) {
    result.push(check(requirement()));
    if (at === tokens.length) break;
    if (tokens[at] !== ',') refuse("',' or 'end of string'");
    at += 1;
    if (at === tokens.length) refuse("identifier after ','");
  }
  return result;
}

function check(requirement: Requirement): Requirement {
  const { key, operator, values } = requirement;
  if (!isQualifiedName(key))
    throw badRequest(`unable to parse requirement: key: Invalid value: ${JSON.stringify(key)}`);
  const fits = operator === 'gt' || operator === 'lt' ? (one: string) => /^-?\d+$/.test(one) : isLabelValue;
  const wrong = values.find((value) => !fits(value));
  if (wrong !== undefined)
    throw badRequest(`unable to parse requirement: values[${key}]: Invalid value: ${JSON.stringify(wrong)}`);
  return requirement;
}

/** A label selector as a predicate over labels. */
export function labelPredicate(text: string): (labels: Readonly<Record<string, string>>) => boolean {
  const requirements = parse(text);
  return (labels) =>
    requirements.every(({ key, operator, values }) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      if (operator === 'absent') return value === undefined;
      if (operator === 'notin') return value === undefined || !values.includes(value);
      if (value === undefined) return false;
      if (operator === 'exists') return true;
      if (operator === 'in') return values.includes(value);
      if (!/^-?\d+$/.test(value)) return false;
      return operator === 'gt' ? Number(value) > Number(values[0]) : Number(value) < Number(values[0]);
    });
}
