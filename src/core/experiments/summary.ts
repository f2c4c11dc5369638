import type { ChaosObject } from './experiment';
import { formatBytes, parseSize } from '../base/quantity';
import { dnsSummary, httpSummary, jvmSummary, kernelSummary } from './summaries/applications';
import { awsSummary, azureSummary, gcpSummary, machineSummary } from './summaries/machines';
import { networkSummary } from './summaries/network';
import { delayed, join, list, part, share, suffix, textField, type Spec } from './summaries/spec';
import { isRecord, textOf } from '../base/unknown';

/** One line that says what an experiment does: "delay 100ms ± 10ms on egress". Never throws, whatever the spec holds. */
export function summarize(object: Pick<ChaosObject, 'kind' | 'spec'>): string {
  const spec = isRecord(object.spec) ? object.spec : {};
  const writer = Object.hasOwn(WRITERS, object.kind) ? WRITERS[object.kind] : undefined;
  const summary = writer ? writer(spec).replace(/\s+/g, ' ').trim() : '';
  const what = summary === '' ? textOf(spec['action']) || object.kind : summary;
  return `${what}${suffix('in the cluster ', textOf(spec['remoteCluster']))}`;
}

const WRITERS: Readonly<Record<string, (spec: Spec) => string>> = {
  StressChaos: stress,
  NetworkChaos: networkSummary,
  IOChaos: io,
  PodChaos: pod,
  TimeChaos: (spec) => `clock shifted by ${textField(spec, 'timeOffset')}`,
  DNSChaos: dnsSummary,
  HTTPChaos: httpSummary,
  JVMChaos: jvmSummary,
  KernelChaos: kernelSummary,
  BlockChaos: (spec) =>
    `block ${textField(spec, 'action')} ${delayed(part(spec, 'delay'))} on ${textField(spec, 'volumeName')}`,
  AWSChaos: awsSummary,
  AzureChaos: azureSummary,
  GCPChaos: gcpSummary,
  PhysicalMachineChaos: machineSummary,
};

function stress(spec: Spec): string {
  const stressors = part(spec, 'stressors');
  const cpu = part(stressors, 'cpu');
  const memory = part(stressors, 'memory');
  const options = (of: Spec): string => suffix('with ', list(of['options']));
  const workers = (of: Spec): string =>
    `${textField(of, 'workers') || '?'} worker${textField(of, 'workers') === '1' ? '' : 's'}`;
  return join(
    ', ',
    isRecord(stressors['cpu'])
      ? join('', `CPU ${workers(cpu)} at ${textField(cpu, 'load') || '100'}%`, options(cpu))
      : '',
    isRecord(stressors['memory'])
      ? `memory ${workers(memory)} × ${size(memory)}${options(memory)}${suffix('with OOM score ', textField(memory, 'oomScoreAdj'))}`
      : '',
    textField(spec, 'stressngStressors'),
  );
}

/** As it is written; of one that does not count by 1024 also what it is in the units of the memory that is free. */
function size(memory: Spec): string {
  const written = textField(memory, 'size');
  const bytes = /^[\d.\s]+[kmgt]b?$/i.test(written) ? parseSize(written) : undefined;
  return bytes === undefined ? written || 'all' : `${written} (${formatBytes(bytes)})`;
}

function io(spec: Spec): string {
  const mistake = part(spec, 'mistake');
  const what: Readonly<Record<string, string>> = {
    latency: `I/O latency ${textField(spec, 'delay')}`,
    fault: `I/O fault errno ${textField(spec, 'errno')}`,
    attrOverride: `file attributes overridden${suffix('', Object.keys(part(spec, 'attr')).join(', '))}`,
    mistake: `wrong bytes${suffix('', textField(mistake, 'filling'))}${suffix('in ', list(spec['methods'])) || ' in reads and writes'}`,
  };
  const action = textField(spec, 'action');
  return `${what[action] ?? action}${suffix('on ', textField(spec, 'volumePath'))}${share(textField(spec, 'percent'))}`;
}

function pod(spec: Spec): string {
  const action = textField(spec, 'action');
  const grace = action === 'pod-kill' ? suffix('after ', textField(spec, 'gracePeriod')) : '';
  return `${action.replace('-', ' ')}${grace === '' ? '' : `${grace}s`}${suffix('of ', action === 'container-kill' ? list(spec['containerNames']) : '')}`;
}
