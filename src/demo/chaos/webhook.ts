import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../kubernetes/objects';
import { StatusError } from '../kubernetes/status';
import { durationError, floatError, integerError, sizeError, unsignedError } from './goFormats';
import { hasWebhooks } from './mutation';

type Spec = Record<string, unknown>;
const part = (spec: Spec | undefined, key: string): Spec | undefined => spec?.[key] as Spec | undefined;

/** A problem of a field; fields have the names of Chaos Mesh's Go structs. */
const invalid = (path: string, value: unknown, why: string): string =>
  `${path}: Invalid value: ${JSON.stringify(value ?? null)}: ${why}`;

/** Chaos Mesh's validating webhooks: throws the refusal as the API server passes it on. */
export function validateChaos(kind: string, object: KubeObject, old: KubeObject | undefined): void {
  if (!hasWebhooks(kind)) return;
  const spec = object.spec ?? {};
  const refuse = (message: string): never => {
    const hook = `v${kind.toLowerCase()}.kb.io`;
    throw new StatusError(403, 'Forbidden', `admission webhook ${JSON.stringify(hook)} denied the request: ${message}`);
  };
  if (old && !isDeepStrictEqual(old.spec, spec)) refuse('Cannot update chaos spec');
  const problems = problemsOf(kind, spec);
  if (problems.length > 0) refuse(problems.length > 1 ? `[${problems.join(', ')}]` : (problems[0] as string));
}

/** As the webhooks walk through the structs: level by level, each in the order of its fields. */
function problemsOf(kind: string, spec: Spec): string[] {
  switch (kind) {
    case 'StressChaos':
      return [
        ...(spec['stressors'] || spec['stressngStressors'] ? [] : [invalid('Spec', spec, 'missing stressors')]),
        ...selected('Spec.ContainerSelector', spec),
        ...stressors(spec),
        ...duration('Spec.Duration', spec['duration']),
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
      return [...selected('Spec', spec), ...duration('Spec.Duration', spec['duration'])];
  }
}

/** What a struct with a selector of containers has: the selector of pods in it is checked by itself again. */
const inContainers = (spec: Spec, between: readonly string[] = []): string[] => [
  ...selected('Spec.ContainerSelector', spec),
  ...between,
  ...duration('Spec.Duration', spec['duration']),
  ...selected('Spec.ContainerSelector.PodSelector', spec),
];

function duration(path: string, value: unknown): string[] {
  const wrong = typeof value === 'string' && value !== '' ? durationError(value) : undefined;
  return wrong === undefined ? [] : [invalid(path, value, `parse duration field error: ${wrong}`)];
}

/** Mode and value of a selector of pods. */
function selected(path: string, spec: Spec | undefined): string[] {
  const { mode, value = '' } = (spec ?? {}) as { mode?: string; value?: string };
  const percent = mode === 'fixed-percent' || mode === 'random-max-percent';
  if (mode !== 'fixed' && !percent) return [];
  const wrong = integerError(value);
  const number = Number(value);
  if (wrong !== undefined) return [invalid(`${path}.value`, value, `parse value field error:${wrong}`)];
  if (!percent && number <= 0)
    return [invalid(`${path}.value`, value, `value must be greater than 0 with mode:${mode}`)];
  if (percent && (number <= 0 || number > 100))
    return [invalid(`${path}.value`, value, `value of ${number} is invalid, Must be (0,100] with mode:${mode}`)];
  return [];
}

function stressors(spec: Spec): string[] {
  const given = part(spec, 'stressors');
  if (!given || given['cpu'] || given['memory']) return [];
  return [invalid('Spec.Stressors', given, 'missing stressors')];
}

function size(spec: Spec): string[] {
  const value = part(part(spec, 'stressors'), 'memory')?.['size'];
  if (typeof value !== 'string' || value === '') return [];
  const percent = value.endsWith('%') ? value.slice(0, -1) : undefined;
  const illegal = Number(percent) > 100 || Number(percent) < 0 ? 'illegal proportion' : undefined;
  const wrong = percent === undefined ? sizeError(value) : (integerError(percent) ?? illegal);
  if (wrong === undefined) return [];
  return [invalid('Spec.Stressors.MemoryStressor.Size', value, `incorrect bytes format: ${wrong}`)];
}

function network(spec: Spec): string[] {
  const { action, direction, target, externalTargets } = spec as {
    action?: string;
    direction?: string;
    target?: Spec;
    externalTargets?: unknown[];
  };
  const problems: string[] = [];
  if (action !== 'partition' && (direction === 'from' || direction === 'both')) {
    const cannot = (why: string): number => problems.push(invalid('Spec.direction', direction, why));
    if (externalTargets) cannot('external targets cannot be used with `from` and `both` direction in netem action yet');
    if (!target) cannot('`from` and `both` direction cannot be used when targets is empty in netem action');
  }
  const float = (block: string, key: string): string[] => {
    const value = part(spec, block)?.[key];
    const wrong = typeof value === 'string' ? floatError(value) : undefined;
    const path = `Spec.TcParameter.${title(block)}.${title(key)}`;
    return wrong === undefined ? [] : [invalid(path, value, `parse correlation field error:${wrong}`)];
  };
  const delay = part(spec, 'delay');
  return [
    ...problems,
    ...selected('Spec.PodSelector', spec),
    ...duration('Spec.Duration', spec['duration']),
    ...selected('Spec.Target', target),
    ...duration('Spec.TcParameter.Delay.Latency', delay?.['latency']),
    ...float('delay', 'correlation'),
    ...duration('Spec.TcParameter.Delay.Jitter', delay?.['jitter']),
    ...['loss', 'duplicate', 'corrupt'].flatMap((block) => [...float(block, block), ...float(block, 'correlation')]),
    ...rate(part(spec, 'bandwidth')?.['rate']),
  ];
}

const title = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

function rate(value: unknown): string[] {
  if (typeof value !== 'string') return [];
  const number = /^(.*?)([kmgt]?bit|[kmgt]?bps)$/.exec(value.trim().toLowerCase())?.[1];
  const wrong = number === undefined ? 'invalid unit' : unsignedError(number.trim());
  if (wrong === undefined) return [];
  return [invalid('Spec.TcParameter.Bandwidth.Rate', value, `parse rate field error:${wrong}`)];
}

function io(spec: Spec): string[] {
  const { action, errno = 0, percent = 0 } = spec as { action?: string; errno?: number; percent?: number };
  const own = duration('Spec.Delay', spec['delay']);
  if (action === 'fault' && errno === 0)
    own.push(invalid('Spec.Errno', errno, `action ${action}: errno 0 is not supported`));
  if (percent < 0 || percent > 100) own.push(invalid('Spec.Percent', percent, 'percent field should be in 0-100'));
  return [...selected('Spec', spec), ...inContainers(spec, own)];
}

function containers(spec: Spec): string[] {
  const names = spec['containerNames'];
  if (spec['action'] !== 'container-kill' || (Array.isArray(names) && names.length > 0)) return [];
  const why = 'the name of container is required on container-kill action: invalid value';
  return [invalid('Spec.containerNames', names, why)];
}
