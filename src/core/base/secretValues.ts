import { isRecord } from './unknown';

/** In place of a value that may be a secret. */
export const REMOVED = '<removed>';

const WORDS = 'pass(?:word|wd|phrase)|token|secret(?!name)|authorization|cookie|api[-_]?key|credential|private[-_]?key';
const NAME = new RegExp(WORDS, 'i');
/** `password=…`, `Authorization: Bearer …`, as command lines, queries and headers have it. */
const NAMED = new RegExp(`((?:${WORDS})[\\w-]*["']?\\s*[=:]\\s*["']?)(?:(?:bearer|basic)\\s+)?[^\\s&;"',]+`, 'gi');
/** Whoever signs in by an address. */
const USER = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]*@/gi;

/** A spec as it may be kept and passed on: by their names' look its secrets are left out. Names of pods and labels are none. */
export const withoutSecretValues = (value: unknown): unknown => clean(value, false, false);

/** True where something was left out. */
export function lacksSecretValues(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(REMOVED);
  if (Array.isArray(value)) return value.some(lacksSecretValues);
  return isRecord(value) && Object.values(value).some(lacksSecretValues);
}

/** `secret`: all of it is one. `listed`: an item of a list, and so perhaps a name with its value. */
function clean(value: unknown, secret: boolean, listed: boolean): unknown {
  if (Array.isArray(value)) {
    const [name, second] = value as unknown[];
    const pair = listed && value.length === 2 && typeof name === 'string' && NAME.test(name);
    return pair ? [name, clean(second, true, true)] : value.map((one) => clean(one, secret, true));
  }
  if (isRecord(value)) {
    const variable = typeof value['name'] === 'string' && NAME.test(value['name']);
    const inner = ([key, one]: [string, unknown]): [string, unknown] => {
      if (key === 'selector' || /^secret-?name$/i.test(key)) return [key, one];
      return [key, clean(one, secret || NAME.test(key) || (variable && key === 'value'), false)];
    };
    return Object.fromEntries(Object.entries(value).map(inner));
  }
  if (secret) return value === '' || value === null || typeof value === 'boolean' ? value : REMOVED;
  return typeof value === 'string' ? value.replace(USER, `$1${REMOVED}@`).replace(NAMED, `$1${REMOVED}`) : value;
}
