import { msg, type Text } from '../base/text';
import { isRecord, textOf } from '../base/unknown';
import { durationError, floatError } from './goFormats';
import { setting, type Fix, type Path, type RuleContext, type RuleFinding } from './findings';
import { explainField } from './fieldTexts';
import { completed, webhookProblems, type WebhookProblem } from './webhookRules';

/**
 * What the webhooks refuse of a spec, in plain words and with a way to mend it. `at` is where the spec is, `filled` the
 * same as they see it.
 */
export function webhookFindings(
  kind: string,
  spec: Readonly<Record<string, unknown>>,
  at: Path,
  context: RuleContext,
  filled: Readonly<Record<string, unknown>> = completed(kind, spec, ''),
): RuleFinding[] {
  const found = new Map<string, RuleFinding>();
  for (const problem of webhookProblems(kind, filled)) {
    const path = [...at, ...problem.path];
    const key = path.join('/');
    if (!found.has(key))
      found.set(key, {
        code: problem.rule,
        severity: 'error',
        path,
        ...explain(problem, path, holderOf(spec, problem.path), context),
      });
  }
  return [...found.values()];
}

/** The innermost object on a path that says an action: whose spec it is. */
function holderOf(spec: Readonly<Record<string, unknown>>, path: Path): Readonly<Record<string, unknown>> {
  let holder = spec;
  let inner: unknown = spec;
  for (const key of path.slice(0, -1)) {
    inner = typeof inner === 'object' && inner !== null ? (inner as Record<string | number, unknown>)[key] : undefined;
    if (isRecord(inner) && ['action', 'mode', 'selector'].some((one) => Object.hasOwn(inner as object, one)))
      holder = inner;
  }
  return holder;
}

function explain(
  problem: WebhookProblem,
  path: Path,
  spec: Readonly<Record<string, unknown>>,
  context: RuleContext,
): { message: Text; fixes: Fix[] } {
  const { rule, value, why } = problem;
  const text = textOf(value);
  switch (rule) {
    case 'duration':
      return durationFinding(text, path);
    case 'float':
      return {
        message: msg`"${text}" is not a number: write percentages without the percent sign, for example "80".`,
        fixes: numberFix(text, path),
      };
    case 'stressors':
      return {
        message: 'A StressChaos requires stressors.cpu or stressors.memory.',
        fixes: [
          setting('Add one CPU worker', [...path, ...(path.at(-1) === 'stressors' ? [] : ['stressors']), 'cpu'], {
            workers: 1,
            load: 100,
          }),
        ],
      };
    case 'containers':
      return {
        message: 'A container-kill requires containerNames: the containers to kill.',
        fixes: [setting(msg`Name the container "${context.container}"`, path, [context.container])],
      };
    case 'errno':
      return {
        message: 'An I/O fault requires errno, the error number to return, for example 5 for an I/O error.',
        fixes: [setting('Return errno 5 (I/O error)', path, 5)],
      };
    case 'percent':
      return {
        message: 'A percentage must be a whole number from 0 to 100.',
        fixes: [setting('Write 100', path, 100)],
      };
    case 'direction':
      return {
        message: isRecord(spec['target'])
          ? 'External targets require the direction "to".'
          : 'The directions "from" and "both" require a target: the pods on the other side.',
        fixes: [setting('Change the direction to "to"', path, 'to')],
      };
    case 'rate':
      return {
        message: msg`"${text}" is not a valid rate: use a whole number with a unit, such as "1mbps" or "512kbit".`,
        fixes: rateFix(text, path),
      };
    case 'size':
      return {
        message: msg`"${text}" is not a valid size: use bytes such as "256MB", or a share of memory such as "50%".`,
        fixes: [setting('Write "256MB"', path, '256MB')],
      };
    case 'value':
      return {
        message: msg`The mode "${textOf(spec['mode'])}" requires a value: ${/percent/.test(textOf(spec['mode'])) ? 'a percentage from 1 to 100' : 'the number of pods'}, in quotation marks.`,
        fixes: valueFix(text, path),
      };
    default:
      return explainField(problem, path, spec) ?? { message: why, fixes: [] };
  }
}

/** What is wrong of a duration, and what was likely meant. */
export function durationFinding(text: string, path: Path): { message: Text; fixes: Fix[] } {
  const days = daysInHours(text);
  if (days !== undefined)
    return {
      message: msg`"${text}" is not a valid duration: hours are the largest unit.`,
      fixes: [setting(msg`Write "${days}"`, path, days)],
    };
  if (/^\d+(\.\d+)?$/.test(text))
    return {
      message: msg`"${text}" has no unit: use "${text}s" for seconds or "${text}m" for minutes.`,
      fixes: [setting(msg`Write "${text}s"`, path, `${text}s`), setting(msg`Write "${text}m"`, path, `${text}m`)],
    };
  const meant = text
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/(milliseconds?|msecs?|millis)/g, 'ms')
    .replace(/(minutes?|mins?)/g, 'm')
    .replace(/(seconds?|secs?)/g, 's')
    .replace(/(hours?|hrs?)/g, 'h');
  return {
    message: msg`"${text}" is not a valid duration: use numbers with the units "h", "m", "s" and "ms", such as "90s" or "1h30m".`,
    fixes: durationError(meant) === undefined && meant !== text ? [setting(msg`Write "${meant}"`, path, meant)] : [],
  };
}

/** `1d12h` as `36h`; undefined where there are no days in it. */
function daysInHours(text: string): string | undefined {
  const match = /^(\d+)d(?:(\d+)h)?((?:\d+(?:\.\d+)?(?:m|s|ms))*)$/.exec(text.trim());
  return match ? `${Number(match[1]) * 24 + Number(match[2] ?? 0)}h${match[3] ?? ''}` : undefined;
}

function numberFix(text: string, path: Path): Fix[] {
  const number = /\d+(\.\d+)?/.exec(text)?.[0];
  return number !== undefined && floatError(number) === undefined
    ? [setting(msg`Write "${number}"`, path, number)]
    : [];
}

function rateFix(text: string, path: Path): Fix[] {
  const match = /^\s*(\d+)\s*([kmgt]?)/i.exec(text);
  const rate = match ? `${match[1]}${(match[2] || 'k').toLowerCase()}${/bit/i.test(text) ? 'bit' : 'bps'}` : '1mbps';
  return [setting(msg`Write "${rate}"`, path, rate)];
}

function valueFix(text: string, path: Path): Fix[] {
  const number = Math.min(100, Number(/\d+/.exec(text)?.[0] ?? 1)) || 1;
  return [setting(msg`Write "${number}"`, path, String(number))];
}
