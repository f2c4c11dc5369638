import { isRecord, recordsOf } from '../../base/unknown';
import { join, list, part, suffix, text, type Spec } from './spec';

/** What an HTTPChaos does: `HTTP request GET /x on port 80: abort`. */
export function httpSummary(spec: Spec): string {
  const place = join(' ', text(spec, 'target').toLowerCase(), text(spec, 'method'), text(spec, 'path'));
  const effects = join(
    ', ',
    spec['abort'] === true ? 'abort' : '',
    text(spec, 'delay') === '' ? '' : `delay ${text(spec, 'delay')}`,
    isRecord(spec['replace']) ? `replace ${Object.keys(spec['replace']).join(', ')}` : '',
    isRecord(spec['patch']) ? `patch ${Object.keys(spec['patch']).join(', ')}` : '',
  );
  return `HTTP ${place}${suffix('on port ', text(spec, 'port'))}${suffix('with code ', text(spec, 'code'))}${effects === '' ? '' : `: ${effects}`}`;
}

/** What a JVMChaos does: `JVM latency 500ms in A.run`. */
export function jvmSummary(spec: Spec): string {
  const method = join('.', text(spec, 'class'), text(spec, 'method'));
  const at = suffix('in ', method);
  const action = text(spec, 'action');
  const latency = suffix('', milliseconds(text(spec, 'latency')));
  switch (action) {
    case 'latency':
      return join('', 'JVM latency', latency, at);
    case 'return':
      return join(' ', 'JVM', method, 'returns', text(spec, 'returnValue'));
    case 'exception':
      return join('', 'JVM exception', suffix('', text(spec, 'exception')), at);
    case 'stress':
      return join(
        '',
        'JVM stress',
        suffix('of the CPU × ', text(spec, 'cpuCount')),
        suffix('of the memory: ', text(spec, 'memType')),
      );
    case 'gc':
      return 'JVM garbage collection';
    case 'ruleData':
      return 'JVM Byteman rule';
    case 'mysql': {
      const table = join('.', text(spec, 'database'), text(spec, 'table'));
      return join(
        '',
        'JVM MySQL ',
        join(' ', text(spec, 'sqlType') || 'all', table),
        suffix('latency', latency),
        suffix('exception ', text(spec, 'exception')),
      );
    }
    default:
      return `JVM ${action}${at}`;
  }
}

const milliseconds = (value: string): string => (value === '' ? '' : `${value}ms`);

const FAILURES = ['slab allocations', 'page allocations', 'block I/O'];

/** What a KernelChaos does: `kernel: page allocations fail in read → alloc for 10 %`. */
export function kernelSummary(spec: Spec): string {
  const request = part(spec, 'failKernRequest');
  const type = text(request, 'failtype');
  const chain = recordsOf(request['callchain']).map((frame) => text(frame, 'funcname'));
  const probability = text(request, 'probability');
  return `kernel: ${FAILURES[Number(type)] ?? `fault type ${type}`} fail${suffix('in ', join(' → ', ...chain))}${probability === '' ? '' : ` for ${probability} %`}${suffix('at most × ', text(request, 'times'))}`;
}

/** What a DNSChaos does: `DNS error for a.b, c`. */
export const dnsSummary = (spec: Spec): string =>
  `DNS ${text(spec, 'action') === 'random' ? 'random addresses' : text(spec, 'action')}${suffix('for ', list(spec['patterns']))}`;
