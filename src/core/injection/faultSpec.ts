import { parseDuration } from '../time/duration';
import { parseOffset } from '../faults/parameters';
import type { InjectionPlan } from './plan';
import { parseRate } from '../base/rate';
import { ERRNO } from '../faults/ioFaults';

/** The queue limit under a rate limit, bytes; Chaos Mesh's own example. */
const QUEUE_BYTES = 20_971_520;
/** The burst size; tc needs at least a hundredth of a second of the rate. */
const MIN_BUFFER_BYTES = 10_000;

/** A plan's fault as the spec of its Chaos Mesh object, without selector and duration. */
export function effectOf(plan: InjectionPlan): Record<string, unknown> {
  const { parameters } = plan;
  const number = (id: string): number => Number(parameters[id]);
  const text = (id: string): string => String(parameters[id] ?? '').trim();
  // The schema of network delays accepts only one number with one unit, not "1m30s".
  const milliseconds = (id: string): string => `${Math.round(parseDuration(text(id)) ?? NaN)}ms`;
  const containerNames = [plan.container];
  const netem = (block: string): Record<string, unknown> => ({
    action: block,
    [block]: { [block]: text('percent'), correlation: text('correlation') },
    direction: 'to',
  });
  const volume = (): Record<string, unknown> => {
    const path = text('volumePath').replace(/\/+$/, '');
    return { containerNames, percent: number('percent'), volumePath: path, path: `${path}/**/*` };
  };
  const http = (): Record<string, unknown> => ({
    target: text('target'),
    port: number('port'),
    path: text('path') || '*',
  });
  switch (plan.type) {
    case 'cpu_stress':
      return { containerNames, stressors: { cpu: { workers: number('workers'), load: number('load') } } };
    case 'memory_stress':
      return { containerNames, stressors: { memory: { workers: number('workers'), size: text('size') } } };
    case 'network_delay':
      return {
        action: 'delay',
        delay: { latency: milliseconds('latency'), jitter: milliseconds('jitter'), correlation: text('correlation') },
        direction: 'to',
      };
    case 'disk_stress':
      return { action: 'latency', delay: milliseconds('delay'), ...volume() };
    case 'pod_kill':
      return { action: 'pod-kill', gracePeriod: number('gracePeriod') };
    case 'pod_failure':
      return { action: 'pod-failure' };
    case 'container_kill':
      return { action: 'container-kill', containerNames };
    case 'network_loss':
      return netem('loss');
    case 'network_corrupt':
      return netem('corrupt');
    case 'network_duplicate':
      return netem('duplicate');
    case 'network_bandwidth': {
      const buffer = Math.max(MIN_BUFFER_BYTES, Math.ceil((parseRate(text('rate')) ?? NaN) / 100));
      return { action: 'bandwidth', bandwidth: { rate: text('rate'), limit: QUEUE_BYTES, buffer }, direction: 'to' };
    }
    case 'network_partition':
      return {
        action: 'partition',
        direction: text('direction'),
        target: { mode: 'all', selector: podsByName(plan.peers ?? []) },
      };
    case 'io_fault':
      return { action: 'fault', errno: ERRNO[text('errno')], ...volume() };
    case 'io_mistake':
      return {
        action: 'mistake',
        mistake: { filling: text('filling'), maxOccurrences: number('maxOccurrences'), maxLength: number('maxLength') },
        methods: text('methods').split(' and '),
        ...volume(),
      };
    case 'clock_skew':
      return {
        timeOffset: `${Math.round(parseOffset(text('offset')) ?? NaN)}ms`,
        clockIds: ['CLOCK_REALTIME'],
        containerNames,
      };
    case 'dns_error': {
      const patterns = text('patterns')
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== '');
      return { action: 'error', containerNames, ...(patterns.length > 0 ? { patterns } : {}) };
    }
    case 'http_abort':
      return { ...http(), abort: true };
    case 'http_delay':
      return { ...http(), delay: milliseconds('delay') };
  }
}

/** A selector of exactly these pods. */
export function podsByName(targets: InjectionPlan['targets']): Record<string, unknown> {
  const pods: Record<string, string[]> = {};
  for (const { namespace, pod } of targets) (pods[namespace] ??= []).push(pod);
  return { namespaces: Object.keys(pods), pods };
}
