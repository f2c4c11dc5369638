import type { ExperimentSpan } from '../../../src/core/experiments/spans';
import type { DiagnosisSample, SamplePair } from '../../../src/core/evaluation/sample';

/** Seconds since an arbitrary begin, as milliseconds. */
export const s = (seconds: number): number => 1_000_000_000_000 + seconds * 1000;

export const NODES = ['n1', 'n2', 'n3'];
const TYPES = ['cpu_stress', 'disk_stress', 'network_delay'];

/** A span of ours from second to second; no end = it acts. */
export function span(
  key: string,
  label: string,
  nodes: readonly string[],
  from: number,
  to?: number,
  ours = true,
): ExperimentSpan {
  return {
    key,
    ref: { kind: 'StressChaos', namespace: 'oceanbase', name: key },
    label,
    ours,
    nodes,
    fromMs: s(from),
    toMs: to === undefined ? undefined : s(to),
    phase: to === undefined ? 'running' : 'finished',
  };
}

/** `n1 cpu_stress!` = named, without `!` only ranked; probabilities fall from 0.9 on. */
export function look(at: number, ...ranking: string[]): DiagnosisSample {
  const pairs = ranking.map((text, place): SamplePair => {
    const [node = '', type = ''] = text.replace('!', '').split(' ');
    return { node, type, probability: 0.9 - place / 10, named: text.endsWith('!') };
  });
  return { at: s(at), answered: true, nodes: NODES, types: TYPES, ranking: pairs, answeredBy: 'model 1 (cpu)' };
}

/** Looks every 15 s from second to second (inclusive), as `say` has them. */
export function looks(from: number, to: number, say: (at: number) => string[]): DiagnosisSample[] {
  const all: DiagnosisSample[] = [];
  for (let at = from; at <= to; at += 15) all.push(look(at, ...say(at)));
  return all;
}
