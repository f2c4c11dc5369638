import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandOf } from '../../../src/ui/scripting/uriHandler';

const SHOWING = ['distdiag.openMetricsPanel', 'distdiag.experiments.focus', 'distdiag.nodes.focus', 'distdiag.showLog'];

describe('a link', () => {
  it('opens a view', () => {
    expect(commandOf('/metrics', 'metric=cpu.used')).toEqual(['distdiag.openMetricsPanel', 'cpu.used']);
    expect(commandOf('/metrics', 'metric=<script>')).toEqual(['distdiag.openMetricsPanel']);
    expect(commandOf('/nodes', '')).toEqual(['distdiag.nodes.focus']);
  });

  it('never does anything but show', () => {
    const paths = fc.oneof(
      fc.string(),
      fc.constantFrom('/injectAnomaly', '/distdiag.injectCpuStress', '/__proto__', '/constructor', '/metrics', '/log'),
    );
    fc.assert(
      fc.property(paths, fc.string(), (path, query) => {
        const command = commandOf(path, query);
        if (command) expect(SHOWING).toContain(command[0]);
      }),
    );
  });
});
