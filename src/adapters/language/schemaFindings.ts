import { msg, type Text } from '../../core/base/text';
import { nearestWord, setting, type Fix, type RuleFinding } from '../../core/chaosYaml/findings';
import { parseDuration } from '../../core/time/duration';
import { textOf } from '../../core/base/unknown';
import { resolved, type Schema } from './schema';
import type { SchemaProblem } from './validate';

/**
 * A problem of the schema in words, with what was likely meant; `source` is what stands there, where that is read as
 * something else.
 */
export function schemaFinding(problem: SchemaProblem, source?: string): RuleFinding {
  const { path, keyword } = problem;
  return { code: keyword, severity: 'error', path, ...explain(problem, source) };
}

function explain(
  { path, keyword, value, schema, known = [] }: SchemaProblem,
  source: string | undefined,
): { message: Text; fixes: Fix[] } {
  const name = String(path.at(-1) ?? '');
  const shown = textOf(value);
  switch (keyword) {
    case 'required':
      return { message: msg`Missing field "${name}".`, fixes: addFix(path, resolved(schema)) };
    case 'unknown': {
      const meant = nearestWord(name, known);
      const remove: Fix = { title: msg`Remove "${name}"`, changes: [{ op: 'remove', path }] };
      const rename: Fix[] =
        meant === undefined
          ? []
          : [{ title: msg`Change it to "${meant}"`, changes: [{ op: 'rename', path, key: meant }] }];
      return { message: msg`Unknown field "${name}".`, fixes: [...rename, remove] };
    }
    case 'type':
      if (source !== undefined && [schema.type].flat().includes('string')) {
        const message = msg`"${name}" must be a string, but kubectl reads ${source} as ${String(value)}: quote it.`;
        return { message, fixes: [setting(msg`Write "${source}"`, path, source)] };
      }
      return { message: wrongType(name, schema), fixes: typeFix(value, path, schema) };
    case 'enum': {
      const allowed = (schema.enum ?? []).map(String);
      const meant = nearestWord(shown, allowed);
      const offered = meant === undefined ? (allowed.length <= 5 ? allowed : []) : [meant];
      return {
        message: msg`"${shown}" is not valid. Expected one of: ${allowed.join(', ')}.`,
        fixes: offered.map((one) => setting(msg`Change it to "${one}"`, path, one)),
      };
    }
    case 'pattern': {
      if (!/ns\|us\|ms/.test(schema.pattern ?? ''))
        return { message: msg`"${shown}" does not match the format of "${name}".`, fixes: [] };
      const ms = parseDuration(shown);
      const meant = ms === undefined ? withUnit(shown) : ms > 0 ? `${Math.round(ms)}ms` : undefined;
      return {
        message: msg`"${name}" must be one number with one unit, such as "100ms".`,
        fixes: meant === undefined ? [] : [setting(msg`Write "${meant}"`, path, meant)],
      };
    }
    case 'minimum': {
      const least = schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1;
      return { message: msg`"${name}" must be at least ${least}.`, fixes: [setting(msg`Write ${least}`, path, least)] };
    }
    case 'format':
      return typeof value === 'number'
        ? { message: msg`"${name}" must be at most 2147483647.`, fixes: [] }
        : { message: msg`"${name}" must be Base64-encoded.`, fixes: base64Fix(shown, path) };
    case 'maximum': {
      const most = schema.maximum ?? 0;
      return { message: msg`"${name}" must be at most ${most}.`, fixes: [setting(msg`Write ${most}`, path, most)] };
    }
  }
}

const base64Fix = (text: string, path: SchemaProblem['path']): Fix[] => {
  const coded = btoa(String.fromCharCode(...new TextEncoder().encode(text.slice(0, 10_000))));
  return text.length > 10_000 ? [] : [setting('Encode as Base64', path, coded)];
};

const withUnit = (text: string): string | undefined => (/^\d+(\.\d+)?$/.test(text) ? `${text}ms` : undefined);

/** What a missing field is given, where there is but one likely value. */
function addFix(path: SchemaProblem['path'], schema: Schema): Fix[] {
  const value = schema.default ?? schema.const ?? schema.enum?.[0];
  return value === undefined ? [] : [setting(msg`Add ${String(path.at(-1))}: ${textOf(value)}`, path, value)];
}

function wrongType(name: string, { type }: Schema): Text {
  const [first] = [type].flat();
  switch (first) {
    case 'string':
      return msg`"${name}" must be a string: quote the number.`;
    case 'integer':
      return msg`"${name}" must be a whole number, without quotation marks.`;
    case 'number':
      return msg`"${name}" must be a number, without quotation marks.`;
    case 'boolean':
      return msg`"${name}" must be true or false.`;
    case 'array':
      return msg`"${name}" must be a list.`;
    default:
      return msg`"${name}" must be a map of fields.`;
  }
}

function typeFix(value: unknown, path: SchemaProblem['path'], { type }: Schema): Fix[] {
  const types = [type].flat();
  const text = typeof value === 'boolean' ? String(value) : textOf(value);
  if (text === '') return [];
  if (types.includes('string')) return [setting(msg`Write "${text}"`, path, text)];
  if (types.includes('integer') && /^-?\d+$/.test(text.trim()))
    return [setting(msg`Write ${Number(text)}`, path, Number(text))];
  if (types.includes('boolean') && /^(true|yes|on)$/i.test(text)) return [setting('Write true', path, true)];
  if (types.includes('boolean') && /^(false|no|off)$/i.test(text)) return [setting('Write false', path, false)];
  if (types.includes('array')) return [setting('Make it a list', path, [value])];
  return [];
}
