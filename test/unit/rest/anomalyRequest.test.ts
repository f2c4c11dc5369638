import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAnomalyRequest, targetsOf } from '../../../src/core/injection/anomalyRequest';
import { AppError } from '../../../src/core/base/errors';
import type { DatabasePod } from '../../../src/core/cluster/databasePod';

const pod = (name: string, phase = 'Running', ready = true): DatabasePod =>
  ({ pod: name, phase, ready }) as DatabasePod;

describe('a request to inject an anomaly', () => {
  it('may be as short as the first system’s', () => {
    expect(parseAnomalyRequest({ type: 'cpu_stress' })).toEqual({
      type: 'cpu_stress',
      pods: undefined,
      parameters: {},
      durationMs: undefined,
    });
  });

  it('keeps what differs from the defaults', () => {
    const request = { type: 'network_delay', pods: ['a', 'a', 'b'], parameters: { latency: '200ms' }, duration: '90s' };
    expect(parseAnomalyRequest(request)).toEqual({
      type: 'network_delay',
      pods: ['a', 'b'],
      parameters: { latency: '200ms' },
      durationMs: 90_000,
    });
  });

  it.each([
    [null, 'must be an object'],
    [[], 'must be an object'],
    [{}, '"type" must be one of'],
    [{ type: 'toString' }, '"type" must be one of'],
    [{ type: 'cpu_stress', pod: 'a' }, 'Unknown field "pod"'],
    [{ type: 'cpu_stress', pods: [] }, 'at least one pod'],
    [{ type: 'cpu_stress', pods: 'a' }, 'at least one pod'],
    [{ type: 'cpu_stress', duration: '3d' }, '"duration" must be'],
    [{ type: 'cpu_stress', duration: 180 }, '"duration" must be'],
    [{ type: 'cpu_stress', duration: '-3m' }, '"duration" must be'],
    [{ type: 'cpu_stress', parameters: { lod: 50 } }, 'Unknown field "lod"'],
    [{ type: 'cpu_stress', parameters: { load: [50] } }, '"load" must be'],
    [{ type: 'cpu_stress', parameters: JSON.parse('{"__proto__": 1}') as unknown }, 'Unknown field "__proto__"'],
  ])('%j is refused', (input, words) => {
    expect(() => parseAnomalyRequest(input)).toThrow(words);
  });

  it('never throws anything but an AppError', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        try {
          parseAnomalyRequest(input);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
  });
});

describe('its targets', () => {
  const all = [pod('a', 'Pending', false), pod('b'), pod('c', 'Running', false), pod('d')];
  const request = (pods?: string[]) => parseAnomalyRequest({ type: 'cpu_stress', ...(pods ? { pods } : {}) });

  it('without a name are one pod that is able', () => {
    expect(targetsOf(request(), all, () => 0).map((one) => one.pod)).toEqual(['b']);
    expect(targetsOf(request(), all, () => 0.99).map((one) => one.pod)).toEqual(['d']);
    expect(() => targetsOf(request(), [pod('a', 'Pending')], () => 0)).toThrow('running and ready');
  });

  it('are those named, and nothing else', () => {
    expect(targetsOf(request(['d', 'b']), all, () => 0).map((one) => one.pod)).toEqual(['d', 'b']);
    expect(() => targetsOf(request(['b', 'x']), all, () => 0)).toThrow('"x" is not a database pod');
  });
});
