import { isRecord } from '../../base/unknown';
import { durationError, floatError, integerError, sizeError, unsignedError } from '../goFormats';
import { requestUriError } from '../goUrl';
import { jvmProblems } from './jvm';
import { machineProblems } from './machines';
import { record, refused, stringOf, type Problem, type Validator } from './problem';

const whole = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Texts that a parser has to take; `empty` is taken without it. */
const parsed =
  (rule: string, why: string, parse: (given: string) => string | undefined, empty = false): Validator =>
  (visited) => {
    const given = stringOf(visited.value);
    const wrong = empty && given === '' ? undefined : parse(given);
    return wrong === undefined ? [] : [refused(visited, rule, `${why}${wrong}`)];
  };

/** A field that an action needs. */
const needed =
  (action: string, why: string): Validator =>
  (visited, { action: given }) =>
    given === action && (visited.value === undefined || visited.value === null)
      ? [refused(visited, 'needed', why)]
      : [];

const oneOf =
  (allowed: readonly string[], why: (given: string) => string): Validator =>
  (visited) =>
    allowed.includes(stringOf(visited.value)) ? [] : [refused(visited, 'choice', why(stringOf(visited.value)))];

const unknownAction = (): string => 'unknown action';

/**
 * Chaos Mesh's `Validate` methods by their Go type (api/v1alpha1, the `*_webhook.go` files). The second argument is the
 * spec of the object that is checked.
 */
export const validators: Readonly<Record<string, Validator>> = {
  Duration: parsed('duration', 'parse duration field error: ', durationError, true),
  FloatStr: parsed('float', 'parse correlation field error:', (given) => floatError(given, 32)),
  Rate: parsed('rate', 'parse rate field error:', rateError),
  TimeOffset: parsed('duration', 'parse timeOffset field error:', durationError),
  Bytes: parsed('size', 'incorrect bytes format: ', bytesError, true),
  StatusCode: parsed('statusCode', '', statusCodeError),
  Delay: (visited) => {
    const given = stringOf(visited.value);
    return durationError(given) === undefined ? [] : [refused(visited, 'duration', `invalid duration ${given}`)];
  },
  Percent: (visited) => {
    const given = whole(visited.value);
    return given < 0 || given > 100 ? [refused(visited, 'percent', 'percent field should be in 0-100')] : [];
  },
  Port: (visited) => {
    const given = whole(visited.value);
    return given > 0 ? [] : [refused(visited, 'port', `port ${given} is not supported`)];
  },
  HTTPMethod: (visited, { target }) =>
    target !== 'Request' || METHODS.includes(stringOf(visited.value))
      ? []
      : [refused(visited, 'method', `method ${stringOf(visited.value)} is not supported`)],
  IOErrno: (visited, { action }) =>
    action === 'fault' && whole(visited.value) === 0
      ? [refused(visited, 'errno', 'action fault: errno 0 is not supported')]
      : [],
  PodHttpChaosTarget: oneOf(['Request', 'Response'], (given) => `target ${given} is not supported`),
  AWSChaosAction: oneOf(['ec2-stop', 'detach-volume', 'ec2-restart'], unknownAction),
  GCPChaosAction: oneOf(['node-stop', 'disk-loss', 'node-reset'], unknownAction),
  AzureChaosAction: oneOf(['vm-stop', 'disk-detach', 'vm-restart'], () => 'azurechaos has an unknown action type'),
  EbsVolume: needed('detach-volume', 'the ID of EBS volume is required on detach-volume action: invalid value'),
  AWSDeviceName: needed('detach-volume', 'the name of device is required on detach-volume action: invalid value'),
  DiskName: needed('disk-detach', 'the name of data disk should not be empty on disk-detach action'),
  LUN: needed('disk-detach', 'the LUN of data disk should not be empty on disk-detach action'),
  GCPDeviceNames: needed('disk-loss', 'at least one device name is required on disk-loss action'),
  PodSelector: podSelector,
  BlockChaosSpec: (visited) => {
    const { action, delay } = record(visited.value);
    return action === 'delay' && !isRecord(delay)
      ? [refused(visited, 'needed', 'delay should be set on delay action', 'delay')]
      : [];
  },
  PodChaosSpec: (visited) => {
    const { action, containerNames } = record(visited.value);
    if (action !== 'container-kill' || (Array.isArray(containerNames) && containerNames.length > 0)) return [];
    const why = 'the name of container is required on container-kill action: invalid value';
    return [refused(visited, 'containers', why, 'containerNames')];
  },
  StressChaosSpec: (visited) => {
    const { stressors, stressngStressors } = record(visited.value);
    return isRecord(stressors) || stringOf(stressngStressors) !== ''
      ? []
      : [refused(visited, 'stressors', 'missing stressors')];
  },
  Stressors: (visited) => {
    const { cpu, memory } = record(visited.value);
    return isRecord(cpu) || isRecord(memory) ? [] : [refused(visited, 'stressors', 'missing stressors')];
  },
  NetworkChaosSpec: network,
  StatusCheckSpec: (visited) => {
    const { type, http } = record(visited.value);
    if (type !== 'HTTP') return [refused(visited, 'choice', `unrecognized type: ${stringOf(type)}`, 'type')];
    return isRecord(http) ? [] : [refused(visited, 'needed', 'the detail of http status check is required', 'http')];
  },
  HTTPStatusCheck: (visited) => {
    const url = stringOf(record(visited.value)['url']);
    if (url === '') return [refused(visited, 'url', 'request url is required', 'url')];
    return requestUriError(url) === undefined ? [] : [refused(visited, 'url', 'invalid http request url', 'url')];
  },
  PhysicalMachineSpec: (visited) => {
    const address = stringOf(record(visited.value)['address']);
    const wrong = requestUriError(address);
    return [
      ...(address === '' ? [refused(visited, 'url', 'the address is required', 'address')] : []),
      ...(wrong === undefined
        ? []
        : [refused(visited, 'url', `the address is invalid, parse ${JSON.stringify(address)}: ${wrong}`, 'address')]),
    ];
  },
  JVMChaosSpec: jvmProblems,
  PhysicalMachineChaosSpec: machineProblems,
  NetworkBandwidthSpec: (visited) =>
    stringOf(record(visited.value)['rate']) === '' ? [refused(visited, 'machine', 'rate is required', 'rate')] : [],
};

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT'];

/** Mode and value of a selector of pods. */
function podSelector(visited: Parameters<Validator>[0]): Problem[] {
  const { mode, value } = record(visited.value);
  const percent = mode === 'fixed-percent' || mode === 'random-max-percent';
  if (mode !== 'fixed' && !percent) return [];
  if (value !== undefined && value !== null && typeof value !== 'string') return [];
  const given = stringOf(value);
  const no = (why: string): Problem[] => [refused(visited, 'value', why, 'value')];
  const wrong = integerError(given);
  if (wrong !== undefined) return no(`parse value field error:${wrong}`);
  const number = Number(given);
  if (!percent && number <= 0) return no(`value must be greater than 0 with mode:${mode}`);
  if (percent && (number <= 0 || number > 100))
    return no(`value of ${number} is invalid, Must be (0,100] with mode:${mode}`);
  return [];
}

function network(visited: Parameters<Validator>[0]): Problem[] {
  const { action, direction, externalTargets, target } = record(visited.value);
  if (action === 'partition' || (direction !== 'from' && direction !== 'both')) return [];
  const no = (why: string): Problem => refused(visited, 'direction', why, 'direction');
  return [
    ...(Array.isArray(externalTargets)
      ? [no('external targets cannot be used with `from` and `both` direction in netem action yet')]
      : []),
    ...(isRecord(target)
      ? []
      : [no('`from` and `both` direction cannot be used when targets is empty in netem action')]),
  ];
}

function rateError(given: string): string | undefined {
  const number = /^(.*?)([kmgt]?bit|[kmgt]?bps)$/s.exec(given.trim().toLowerCase())?.[1];
  return number === undefined ? 'invalid unit' : unsignedError(number.trim());
}

function bytesError(given: string): string | undefined {
  if (!given.endsWith('%')) return sizeError(given);
  const percent = given.slice(0, -1);
  return integerError(percent) ?? (Number(percent) > 100 || Number(percent) < 0 ? 'illegal proportion' : undefined);
}

/** A code, or a range of codes. */
function statusCodeError(given: string): string | undefined {
  if (given === '') return 'status code is required';
  const isCode = (code: string): boolean => Number(code) > 0 && Number(code) < 1000;
  const wrong = (why: string): string => `incorrect status code format: ${why}`;
  if (integerError(given) === undefined) return isCode(given) ? undefined : wrong('invalid status code');
  const at = given.indexOf('-');
  if (at < 0) return wrong('not a single number or a range');
  for (const end of [given.slice(0, at), given.slice(at + 1)]) {
    const no = integerError(end);
    if (no !== undefined) return wrong(no);
    if (!isCode(end)) return wrong(`invalid status code range, code: ${Number(end)}`);
  }
  return undefined;
}
