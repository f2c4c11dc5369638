import { beforeEach, describe, expect, it } from 'vitest';
import { extendExperiment } from '../../../src/core/injection/extending';
import { ManualClock, settle, silentLog } from '../../support';
import { ExperimentStore } from '../../../src/core/experiments/store';
import { dropFinalizers, forceCleanUp } from '../../../src/core/injection/forceClean';
import { pauseExperiment } from '../../../src/core/injection/pausing';
import { InjectionService } from '../../../src/core/injection/injection';
import { chaosObject, CREATED, experiment } from '../experiments/experiments';
import { FakeGateway } from './fakes';

const policy = { context: 'dev', protectedContexts: [], protectedNamespaces: [] };
const closed = { code: 'conflict', message: expect.stringContaining('selected in the meantime') as string };

const chosenSchedule = chaosObject({ kind: 'Schedule' });

let gateway: FakeGateway;
let clock: ManualClock;
let injection: InjectionService;
let store: ExperimentStore;

beforeEach(() => {
  gateway = new FakeGateway();
  clock = new ManualClock(CREATED + 5000);
  store = new ExperimentStore({ gateway, clock });
  injection = new InjectionService({ gateway, store, clock, log: silentLog });
});

describe('a session that was closed while its question was open', () => {
  it('neither creates nor resumes', async () => {
    injection.dispose();
    const paused = experiment({ paused: true, records: [{ phase: 'Not Injected' }] });
    await expect(injection.resume(paused, policy)).rejects.toMatchObject(closed);
    await expect(injection.injectManifest(chaosObject({ noStatus: true }), policy)).rejects.toMatchObject(closed);
    await expect(injection.createStarter(chaosObject({ kind: 'Schedule' }), policy)).rejects.toMatchObject(closed);
    expect(gateway.calls).toEqual([]);
  });

  it('pauses, suspends, extends and cleans up nothing', async () => {
    const running = experiment({ records: [{ appliedAfterMs: 500 }] });
    gateway.show(running);
    injection.dispose();
    const parts = { gateway, store, injection, clock, log: silentLog };
    const { ref } = running;
    await expect(injection.pause(ref)).rejects.toMatchObject(closed);
    await expect(injection.resumeStarter(chosenSchedule, policy)).rejects.toMatchObject(closed);
    await expect(pauseExperiment(parts, ref)).rejects.toMatchObject(closed);
    const request = { experiment: running, moreMs: 60_000, policy, createdBy: 'test' };
    await expect(extendExperiment(parts, request)).rejects.toMatchObject(closed);
    await expect(forceCleanUp(parts, ref)).rejects.toMatchObject(closed);
    await expect(dropFinalizers(parts, ref)).rejects.toMatchObject(closed);
    expect(gateway.calls.filter((call) => !call.startsWith('get'))).toEqual([]);
  });

  it('does not resume either where it is closed while that is written down', async () => {
    injection.onWillAct(() => Promise.resolve(injection.dispose()));
    const paused = experiment({ paused: true });
    await expect(injection.resume(paused, policy)).rejects.toMatchObject(closed);
    expect(gateway.calls).toEqual([]);
  });

  it('still stops', async () => {
    injection.dispose();
    const done = injection.stop(experiment().ref);
    await settle();
    gateway.show();
    clock.advance(1000);
    await done;
    expect(gateway.calls).toContain('delete one');
  });

  it('says of an extension that the old one stays paused, and does not resume it', async () => {
    const old = experiment({ records: [{ appliedAfterMs: 500 }] });
    const recovered = experiment({ paused: true, records: [{ phase: 'Not Injected' }] });
    gateway.show(old);
    const request = { experiment: old, moreMs: 60_000, policy, createdBy: 'test' };
    const parts = { gateway, store, injection, clock, log: silentLog };
    const done = extendExperiment(parts, request);
    done.catch(() => undefined);
    await settle();
    expect(gateway.calls).toContain('pause one');
    injection.dispose();
    gateway.show(recovered);
    await settle();
    clock.advance(1000);
    await expect(done).rejects.toMatchObject({ ...closed, hint: 'one stays paused. Resume or stop it.' });
    expect(gateway.calls.filter((call) => call.startsWith('resume'))).toEqual([]);
  });

  it('says so also to who has left the wait', async () => {
    const old = experiment({ records: [{ appliedAfterMs: 500 }] });
    gateway.show(old);
    const left = new AbortController();
    const request = { experiment: old, moreMs: 60_000, policy, createdBy: 'test' };
    const done = extendExperiment({ gateway, store, injection, clock, log: silentLog }, request, {
      signal: left.signal,
    });
    done.catch(() => undefined);
    await settle();
    injection.dispose();
    left.abort();
    await expect(done).rejects.toMatchObject({ code: 'conflict', hint: 'one stays paused. Resume or stop it.' });
  });
});
