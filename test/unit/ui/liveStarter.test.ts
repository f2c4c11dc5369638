import { describe, expect, it } from 'vitest';
import type { WrittenObject } from '../../../src/core/chaosYaml/language';
import type { OrchestrationSnapshot } from '../../../src/core/workflows/orchestration';
import { orchestrationGroups } from '../../../src/core/workflows/orchestrationGroups';
import { starterStateOf } from '../../../src/ui/language/liveStarter';
import type { ClusterSession } from '../../../src/ui/session/session';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const SPEC = { schedule: '@every 5m', type: 'PodChaos', podChaos: { action: 'pod-kill' } };
const written = (name: string, spec: Record<string, unknown> = SPEC): WrittenObject => {
  const metadata = { name, namespace: 'oceanbase' };
  const manifest = { apiVersion: 'chaos-mesh.org/v1alpha1', kind: 'Schedule', metadata, spec };
  return { index: 0, start: 0, end: 1, kind: 'Schedule', namespace: 'oceanbase', name, manifest };
};
const session = (state: string): ClusterSession =>
  ({
    context: 'dev',
    config: { chaosNamespace: 'chaos' },
    clock: { now: () => NOW },
    store: { snapshot: { experiments: [], health: { state } } },
    orchestration: { groups: orchestrationGroups },
  }) as unknown as ClusterSession;
const snapshot = (change: object = {}): OrchestrationSnapshot => {
  const { manifest } = written('often');
  const object = { ...(manifest as NonNullable<typeof manifest>), ...change };
  return { workflows: [], nodes: [], schedules: [object] };
};
const title = (...args: Parameters<typeof starterStateOf>): string => starterStateOf(...args).title;

describe('the state above a written schedule', () => {
  it('is looked for until the list has come', () => {
    expect(title(written('often'), session('live'), undefined)).toContain('Checking the cluster');
    expect(title(written('often'), session('failed'), undefined)).toContain('The cluster is not available');
  });

  it('says when it runs next, and that it can be stopped', () => {
    const state = starterStateOf(written('often'), session('live'), snapshot());
    expect(state).toMatchObject({ title: '$(calendar) Scheduled · next in 5m', canStop: true });
    expect(starterStateOf(written('other'), session('live'), snapshot())).toMatchObject({
      title: '$(circle-outline) Not in dev/oceanbase',
      canStop: false,
    });
  });

  it('says where the text is another, and is not stopped twice', () => {
    const other = written('often', { ...SPEC, schedule: '@hourly' });
    expect(title(other, session('live'), snapshot())).toMatch(/differs from this file$/);
    const metadata = { name: 'often', namespace: 'oceanbase', deletionTimestamp: '2026-03-01T11:59:00Z' };
    expect(starterStateOf(written('often'), session('live'), snapshot({ metadata }))).toMatchObject({ canStop: false });
  });

  it('is found below the schedule that started it', () => {
    const { manifest } = written('row', { entry: 'a', templates: [] });
    const metadata = {
      name: 'row',
      namespace: 'oceanbase',
      uid: 'w',
      labels: { 'managed-by': 'often' },
      ownerReferences: [{ uid: 's' }],
    };
    const workflow = { ...(manifest as NonNullable<typeof manifest>), kind: 'Workflow', metadata };
    const schedule = snapshot({ metadata: { name: 'often', namespace: 'oceanbase', uid: 's' } });
    const both = { ...schedule, workflows: [workflow] };
    expect(title({ ...written('row'), kind: 'Workflow', manifest: workflow }, session('live'), both)).toContain(
      'Waiting',
    );
  });
});
