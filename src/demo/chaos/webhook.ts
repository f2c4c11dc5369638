import { isDeepStrictEqual } from 'node:util';
import { parseDuration } from '../../core/duration';
import { parseSize } from '../../core/quantity';
import type { KubeObject } from '../kubernetes/objects';
import { StatusError } from '../kubernetes/status';

type Spec = Record<string, unknown>;
const part = (spec: Spec, key: string): Spec | undefined => spec[key] as Spec | undefined;

/** Chaos Mesh's validating webhooks: throws the refusal as the API server passes it on. */
export function validateChaos(kind: string, object: KubeObject, old: KubeObject | undefined): void {
  const spec = object.spec ?? {};
  const hook = `v${kind.toLowerCase()}.kb.io`;
  const refuse = (message: string): never => {
    throw new StatusError(403, 'Forbidden', `admission webhook ${JSON.stringify(hook)} denied the request: ${message}`);
  };
  if (!kind.endsWith('Chaos') || (kind.startsWith('Pod') && kind !== 'PodChaos')) return;
  if (old && !isDeepStrictEqual(old.spec, spec)) refuse('Cannot update chaos spec');
  const problems = [
    ...common(spec),
    ...(kind === 'StressChaos'
      ? stress(spec)
      : kind === 'NetworkChaos'
        ? network(spec)
        : kind === 'IOChaos'
          ? io(spec)
          : kind === 'PodChaos'
            ? pod(spec)
            : []),
  ];
  if (problems.length > 0) refuse(problems.join('; '));
}

function common(spec: Spec): string[] {
  const problems: string[] = [];
  const { mode, value, duration } = spec as { mode?: string; value?: string; duration?: string };
  if (duration !== undefined && parseDuration(duration) === undefined)
    problems.push(
      `spec.duration: Invalid value: ${JSON.stringify(duration)}: parse duration field error: time: invalid duration ${JSON.stringify(duration)}`,
    );
  const number = Number(value);
  if (mode === 'fixed' && !(Number.isInteger(number) && number > 0))
    problems.push(
      `spec.value: Invalid value: ${JSON.stringify(value ?? '')}: value must be greater than 0 with mode:fixed`,
    );
  if ((mode === 'fixed-percent' || mode === 'random-max-percent') && !(number > 0 && number <= 100)) {
    problems.push(
      `spec.value: Invalid value: ${JSON.stringify(value ?? '')}: value of ${number || 0} is invalid, must be (0,100] with mode:${mode}`,
    );
  }
  return problems;
}

function stress(spec: Spec): string[] {
  const stressors = part(spec, 'stressors');
  if (!stressors?.['cpu'] && !stressors?.['memory'] && !spec['stressngStressors'])
    return ['spec.stressors: Invalid value: missing stressors'];
  const size = part(stressors ?? {}, 'memory')?.['size'];
  if (typeof size === 'string' && size !== '' && !/^\d+(\.\d+)?%$/.test(size) && parseSize(size) === undefined)
    return [`spec.stressors.memory.size: Invalid value: ${JSON.stringify(size)}: incorrect bytes format`];
  return [];
}

const isPercent = (text: unknown): boolean =>
  typeof text === 'string' && /^\d+(\.\d+)?$/.test(text) && Number(text) <= 100;

function network(spec: Spec): string[] {
  const problems: string[] = [];
  const { direction, target, externalTargets } = spec as {
    direction?: string;
    target?: unknown;
    externalTargets?: unknown[];
  };
  if ((direction === 'from' || direction === 'both') && !target)
    problems.push(
      `spec.direction: Invalid value: ${JSON.stringify(direction)}: \`from\` and \`both\` direction cannot be used when targets is empty in netem action`,
    );
  if (externalTargets?.length && direction && direction !== 'to')
    problems.push(
      'spec.externalTargets: Invalid value: external targets cannot be used with `from` and `both` direction in netem action yet',
    );
  const delay = part(spec, 'delay');
  for (const field of ['latency', 'jitter']) {
    const value = delay?.[field];
    if (typeof value === 'string' && parseDuration(value) === undefined)
      problems.push(
        `spec.delay.${field}: Invalid value: ${JSON.stringify(value)}: time: invalid duration ${JSON.stringify(value)}`,
      );
  }
  for (const block of ['loss', 'duplicate', 'corrupt']) {
    const value = part(spec, block)?.[block];
    if (value !== undefined && !isPercent(value))
      problems.push(
        `spec.${block}.${block}: Invalid value: ${JSON.stringify(value)}: strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`,
      );
  }
  const rate = part(spec, 'bandwidth')?.['rate'];
  if (rate !== undefined && (typeof rate !== 'string' || !/^\d+(\.\d+)?\s*([kmgt]?bps|[kmgt]?bit)$/i.test(rate)))
    problems.push(`spec.bandwidth.rate: Invalid value: ${JSON.stringify(rate)}: invalid unit`);
  return problems;
}

function io(spec: Spec): string[] {
  const problems: string[] = [];
  const delay = spec['delay'];
  if (typeof delay === 'string' && delay !== '' && parseDuration(delay) === undefined)
    problems.push(
      `spec.delay: Invalid value: ${JSON.stringify(delay)}: time: invalid duration ${JSON.stringify(delay)}`,
    );
  if (spec['action'] === 'fault' && !(Number(spec['errno']) > 0))
    problems.push('spec.errno: Invalid value: 0: action fault: errno 0 is not supported');
  const percent = spec['percent'];
  if (typeof percent === 'number' && (percent < 0 || percent > 100))
    problems.push(`spec.percent: Invalid value: ${percent}: percent is invalid, must be [0,100]`);
  return problems;
}

function pod(spec: Spec): string[] {
  const names = spec['containerNames'];
  if (spec['action'] === 'container-kill' && !(Array.isArray(names) && names.length > 0))
    return ['spec.containerNames: Invalid value: "null": the name of container is required on container-kill action'];
  return [];
}
