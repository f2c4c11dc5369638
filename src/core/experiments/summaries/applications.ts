import { isRecord, recordsOf } from '../../base/unknown';
import { join, list, part, suffix, textField, type Spec } from './spec';

/** What an HTTPChaos does: `HTTP request GET /x on port 80: abort`. */
export function httpSummary(spec: Spec): string {
  const place = join(' ', textField(spec, 'target').toLowerCase(), textField(spec, 'method'), textField(spec, 'path'));
  const effects = join(
    ', ',
    spec['abort'] === true ? 'abort' : '',
    textField(spec, 'delay') === '' ? '' : `delay ${textField(spec, 'delay')}`,
    isRecord(spec['replace']) ? `replace ${Object.keys(spec['replace']).join(', ')}` : '',
    isRecord(spec['patch']) ? `patch ${Object.keys(spec['patch']).join(', ')}` : '',
  );
  return `HTTP ${place}${suffix('on port ', textField(spec, 'port'))}${suffix('with code ', textField(spec, 'code'))}${effects === '' ? '' : `: ${effects}`}`;
}

/** What a JVMChaos does: `JVM latency 500ms in A.run`. */
export function jvmSummary(spec: Spec): string {
  const method = join('.', textField(spec, 'class'), textField(spec, 'method'));
  const at = suffix('in ', method);
  const action = textField(spec, 'action');
  const latency = suffix('', milliseconds(textField(spec, 'latency')));
  switch (action) {
    case 'latency':
      return join('', 'JVM latency', latency, at);
    case 'return':
      return join(' ', 'JVM', method, 'returns', textField(spec, 'returnValue'));
    case 'exception':
      return join('', 'JVM exception', suffix('', textField(spec, 'exception')), at);
    case 'stress':
      return join(
        '',
        'JVM stress',
        suffix('of the CPU × ', textField(spec, 'cpuCount')),
        suffix('of the memory: ', textField(spec, 'memType')),
      );
    case 'gc':
      return 'JVM garbage collection';
    case 'ruleData':
      return 'JVM Byteman rule';
    case 'mysql': {
      const table = join('.', textField(spec, 'database'), textField(spec, 'table'));
      return join(
        '',
        'JVM MySQL ',
        join(' ', textField(spec, 'sqlType') || 'all', table),
        suffix('latency', latency),
        suffix('exception ', textField(spec, 'exception')),
      );
    }
    default:
      return `JVM ${action}${at}`;
  }
}

const milliseconds = (value: string): string => (value === '' ? '' : `${value}ms`);

const FAILURES = ['slab allocations', 'page allocations', 'block I/O'];

/** What a KernelChaos does: `kernel: page allocations fail in read → alloc for 10%`. */
export function kernelSummary(spec: Spec): string {
  const request = part(spec, 'failKernRequest');
  const type = textField(request, 'failtype');
  const chain = recordsOf(request['callchain']).map((frame) => textField(frame, 'funcname'));
  const probability = textField(request, 'probability');
  return `kernel: ${FAILURES[Number(type)] ?? `fault type ${type}`} fail${suffix('in ', join(' → ', ...chain))}${probability === '' ? '' : ` for ${probability}%`}${suffix('at most × ', textField(request, 'times'))}`;
}

/** What a DNSChaos does: `DNS error for a.b, c`. */
export const dnsSummary = (spec: Spec): string =>
  `DNS ${textField(spec, 'action') === 'random' ? 'random addresses' : textField(spec, 'action')}${suffix('for ', list(spec['patterns']))}`;
