import { textOf } from './unknown';

/** Shorter than this, a credential is as likely a word of the answer. */
const SHORTEST_SECRET = 6;
/** Might as well be a name, by which objects are acted upon: in data it stays. */
const LIKE_A_NAME = /^[a-z0-9.-]{1,15}$/;
/** Of a longer secret so much tells it apart; what follows is taken for its rest. */
const LONGEST_LOOKED_FOR = 64;
const REST = '[\\w+/=.~%-]*';

/**
 * A server's answer without what let us in: some repeat the header that they refuse, or anything else that they were
 * sent, with whatever status. It is also found where it is encoded for an address or in base64, alone or among other
 * words. `words` are to be read, and hold no secret; `data` is acted upon, and keeps what may be a name. Changes the
 * objects and lists of the answer.
 */
export function withoutCredentials<T>(
  answer: T,
  headers: Readonly<Record<string, unknown>>,
  kind: 'words' | 'data' = 'words',
): T {
  const pattern = patternOf(textOf(headers['Authorization']), kind);
  if (!pattern || answer === null || !['string', 'object'].includes(typeof answer)) return answer;
  const clean = (text: string): string => text.replace(pattern, '…');
  if (typeof answer === 'string') return clean(answer) as T;
  const open: unknown[] = [answer];
  // Not by recursion: an answer may be nested as deeply as it likes.
  while (open.length > 0) {
    const holder = open.pop() as Record<string, unknown>;
    for (const [key, value] of Object.entries(holder)) {
      const name = Array.isArray(holder) ? key : clean(key);
      if (name !== key) delete holder[key];
      if (typeof value === 'string') holder[name] = clean(value);
      else if (name !== key) holder[name] = value;
      if (typeof value === 'object' && value !== null) open.push(value);
    }
  }
  return answer;
}

/** The last one that was made: an answer's pieces have the same headers. */
let made: { of: string; pattern: RegExp | undefined } | undefined;

function patternOf(authorization: string, kind: 'words' | 'data'): RegExp | undefined {
  const of = `${kind} ${authorization}`;
  if (made?.of !== of) {
    const secrets = secretsOf(authorization).filter(
      (secret) => secret.length >= SHORTEST_SECRET && !(kind === 'data' && LIKE_A_NAME.test(secret)),
    );
    const forms = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length);
    made = { of, pattern: forms.length === 0 ? undefined : new RegExp(forms.join('|'), 'g') };
  }
  return made.pattern;
}

function secretsOf(authorization: string): string[] {
  const [, scheme = '', given = ''] = /^(\S+) +(\S.*)$/.exec(authorization) ?? [];
  if (!/^basic$/i.test(scheme)) return [given];
  const pair = decoded(given);
  return [given, pair, pair.slice(pair.indexOf(':') + 1)];
}

function decoded(base64: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  } catch {
    return '';
  }
}

/** Expressions for a secret as it is, and within anything that was written in base64. */
function formsOf(secret: string): string[] {
  const head = [...secret].slice(0, LONGEST_LOOKED_FOR).join('');
  const bytes = new TextEncoder().encode(head);
  // Three bytes are four characters: of what begins within three bytes, the first characters depend on those before it.
  const within = [0, 1, 2].map((before) => {
    const text = btoa(String.fromCharCode(...new Uint8Array(before), ...bytes));
    return text.slice(before === 0 ? 0 : before + 1, Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [loosely(head) + (head === secret ? '' : REST), ...within.map((text) => loosely(text) + REST)];
}

/** Finds a text also where some or all of it is encoded for an address, once or more. */
const loosely = (text: string): string =>
  [...text]
    .map((char) => {
      const bytes = [...new TextEncoder().encode(char)].map((byte) => byte.toString(16).padStart(2, '0'));
      const coded = bytes.map(
        (hex) => `%(?:25)*${hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`,
      );
      // What base64 has for addresses in place of + and /.
      const also = { '+': '|-', '/': '|_', ' ': '|\\+' }[char] ?? '';
      return `(?:${char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}|${coded.join('')}${also})`;
    })
    .join('');
