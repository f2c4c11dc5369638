import { isRecord } from '../unknown';
import { durationError, floatError, integerError, sizeError, unsignedError } from './goFormats';

type Spec = Readonly<Record<string, unknown>>;

/** What is wrong of a field, told apart by the text that a field takes. */
type WebhookRule =
  | 'containers' // container-kill names no container
  | 'direction'
  | 'duration'
  | 'errno'
  | 'float'
  | 'percent'
  | 'rate'
  | 'size'
  | 'stressors' // there is nothing to do
  | 'value'; // of a selector's mode

/** A field that Chaos Mesh's validating webhooks refuse. */
export interface WebhookProblem {
  rule: WebhookRule;
  /** Where it is, from the spec on. */
  path: readonly string[];
  /** The same in the names of Chaos Mesh's Go structs, as its message has it. */
  field: string;
  value: unknown;
  /** Chaos Mesh's own words. */
  why: string;
}

const part = (spec: Spec | undefined, key: string): Spec | undefined => {
  const value = spec?.[key];
  return isRecord(value) ? value : undefined;
};

/**
 * What Chaos Mesh's webhooks (v2.8) refuse of a spec that its schema lets through, in their order: level by level, each
 * in the order of its fields. A selector inside a selector of containers is looked at again, so it is said twice.
 */
export function webhookProblems(kind: string, spec: Spec): WebhookProblem[] {
  switch (kind) {
    case 'StressChaos':
      return [
        ...(spec['stressors'] || spec['stressngStressors']
          ? []
          : [problem('stressors', [], 'Spec', spec, 'missing stressors')]),
        ...selected('Spec.ContainerSelector', spec),
        ...stressors(spec),
        ...duration('Spec.Duration', spec, ['duration']),
        ...selected('Spec.ContainerSelector.PodSelector', spec),
        ...size(spec),
      ];
    case 'NetworkChaos':
      return network(spec);
    case 'IOChaos':
      return io(spec);
    case 'PodChaos':
      return [...containers(spec), ...inContainers(spec)];
    default:
      return [...selected('Spec', spec), ...duration('Spec.Duration', spec, ['duration'])];
  }
}

const problem = (
  rule: WebhookRule,
  path: readonly string[],
  field: string,
  value: unknown,
  why: string,
): WebhookProblem => ({ rule, path, field, value, why });

/** What a struct with a selector of containers has: the selector of pods in it is checked by itself again. */
const inContainers = (spec: Spec, between: readonly WebhookProblem[] = []): WebhookProblem[] => [
  ...selected('Spec.ContainerSelector', spec),
  ...between,
  ...duration('Spec.Duration', spec, ['duration']),
  ...selected('Spec.ContainerSelector.PodSelector', spec),
];

function duration(field: string, spec: Spec, path: readonly string[]): WebhookProblem[] {
  const value = path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), spec);
  const wrong = typeof value === 'string' && value !== '' ? durationError(value) : undefined;
  return wrong === undefined ? [] : [problem('duration', path, field, value, `parse duration field error: ${wrong}`)];
}

/** Mode and value of a selector of pods. */
function selected(field: string, spec: Spec | undefined, at: readonly string[] = []): WebhookProblem[] {
  const { mode, value = '' } = (spec ?? {}) as { mode?: string; value?: string };
  const percent = mode === 'fixed-percent' || mode === 'random-max-percent';
  if (mode !== 'fixed' && !percent) return [];
  const refused = (why: string): WebhookProblem[] => [problem('value', [...at, 'value'], `${field}.value`, value, why)];
  const wrong = integerError(String(value));
  const number = Number(value);
  if (wrong !== undefined) return refused(`parse value field error:${wrong}`);
  if (!percent && number <= 0) return refused(`value must be greater than 0 with mode:${mode}`);
  if (percent && (number <= 0 || number > 100))
    return refused(`value of ${number} is invalid, Must be (0,100] with mode:${mode}`);
  return [];
}

function stressors(spec: Spec): WebhookProblem[] {
  const given = part(spec, 'stressors');
  if (!given || given['cpu'] || given['memory']) return [];
  return [problem('stressors', ['stressors'], 'Spec.Stressors', given, 'missing stressors')];
}

function size(spec: Spec): WebhookProblem[] {
  const value = part(part(spec, 'stressors'), 'memory')?.['size'];
  if (typeof value !== 'string' || value === '') return [];
  const percent = value.endsWith('%') ? value.slice(0, -1) : undefined;
  const illegal = Number(percent) > 100 || Number(percent) < 0 ? 'illegal proportion' : undefined;
  const wrong = percent === undefined ? sizeError(value) : (integerError(percent) ?? illegal);
  if (wrong === undefined) return [];
  const field = 'Spec.Stressors.MemoryStressor.Size';
  return [problem('size', ['stressors', 'memory', 'size'], field, value, `incorrect bytes format: ${wrong}`)];
}

function network(spec: Spec): WebhookProblem[] {
  const { action, direction, externalTargets } = spec as {
    action?: string;
    direction?: string;
    externalTargets?: unknown[];
  };
  const problems: WebhookProblem[] = [];
  if (action !== 'partition' && (direction === 'from' || direction === 'both')) {
    const cannot = (why: string): number =>
      problems.push(problem('direction', ['direction'], 'Spec.direction', direction, why));
    if (externalTargets) cannot('external targets cannot be used with `from` and `both` direction in netem action yet');
    if (!spec['target']) cannot('`from` and `both` direction cannot be used when targets is empty in netem action');
  }
  return [
    ...problems,
    ...selected('Spec.PodSelector', spec),
    ...duration('Spec.Duration', spec, ['duration']),
    ...selected('Spec.Target', part(spec, 'target'), ['target']),
    ...duration('Spec.TcParameter.Delay.Latency', spec, ['delay', 'latency']),
    ...float(spec, 'delay', 'correlation'),
    ...duration('Spec.TcParameter.Delay.Jitter', spec, ['delay', 'jitter']),
    ...['loss', 'duplicate', 'corrupt'].flatMap((block) => [
      ...float(spec, block, block),
      ...float(spec, block, 'correlation'),
    ]),
    ...rate(part(spec, 'bandwidth')?.['rate']),
  ];
}

const title = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

function float(spec: Spec, block: string, key: string): WebhookProblem[] {
  const value = part(spec, block)?.[key];
  const wrong = typeof value === 'string' ? floatError(value) : undefined;
  const field = ['Spec.TcParameter', title(block), title(key)].join('.');
  return wrong === undefined
    ? []
    : [problem('float', [block, key], field, value, `parse correlation field error:${wrong}`)];
}

function rate(value: unknown): WebhookProblem[] {
  if (typeof value !== 'string') return [];
  const number = /^(.*?)([kmgt]?bit|[kmgt]?bps)$/.exec(value.trim().toLowerCase())?.[1];
  const wrong = number === undefined ? 'invalid unit' : unsignedError(number.trim());
  if (wrong === undefined) return [];
  const field = 'Spec.TcParameter.Bandwidth.Rate';
  return [problem('rate', ['bandwidth', 'rate'], field, value, `parse rate field error:${wrong}`)];
}

function io(spec: Spec): WebhookProblem[] {
  const { action, errno = 0, percent = 0 } = spec as { action?: string; errno?: number; percent?: number };
  const own = duration('Spec.Delay', spec, ['delay']);
  if (action === 'fault' && errno === 0)
    own.push(problem('errno', ['errno'], 'Spec.Errno', errno, `action ${action}: errno 0 is not supported`));
  if (percent < 0 || percent > 100)
    own.push(problem('percent', ['percent'], 'Spec.Percent', percent, 'percent field should be in 0-100'));
  return [...selected('Spec', spec), ...inContainers(spec, own)];
}

function containers(spec: Spec): WebhookProblem[] {
  const names = spec['containerNames'];
  if (spec['action'] !== 'container-kill' || (Array.isArray(names) && names.length > 0)) return [];
  const why = 'the name of container is required on container-kill action: invalid value';
  return [problem('containers', ['containerNames'], 'Spec.containerNames', names, why)];
}
