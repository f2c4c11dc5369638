import { toAppError } from '../base/errors';
import type { ExperimentStore } from '../experiments/store';
import type { ExperimentSpan } from '../experiments/spans';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { Log } from '../base/log';
import type { TargetGateway } from '../cluster/databasePod';
import type { RecordingStore } from './recording';
import type { MetricSource } from '../metrics/source';
import type { TargetQuery } from '../cluster/databasePod';
import { recordingId, recordingRange, toRecording } from './recording';

/** What a recorder needs. */
export interface RecorderOptions {
  store: ExperimentStore;
  targets: TargetGateway;
  query: TargetQuery;
  metrics: MetricSource;
  recordings: RecordingStore;
  /** The user's consent, asked each time. */
  enabled: () => boolean;
  clock: Clock;
  log: Log;
  stepMs: number;
}

/** The last samples of an experiment are scraped a little after its end. */
const SETTLE_MS = 45_000;

/**
 * Keeps the metrics around each of our experiments once it has ended, where the user agreed. Follows the store without
 * holding its watch, and asks the metrics once per experiment.
 */
export function recordExperiments(options: RecorderOptions): Disposable {
  const { store, clock, log } = options;
  const handled = new Set<string>();
  const waiting = new Set<Disposable>();
  const controller = new AbortController();
  const record = async (span: ExperimentSpan): Promise<void> => {
    const { targets, query, metrics, recordings, stepMs } = options;
    const range = recordingRange(span, store.spans, stepMs);
    if ('refused' in range) return log.debug(`${span.ref.name} is not recorded: ${range.refused}`);
    if (await recordings.has(recordingId(span))) return;
    const pods = await targets.list(query, controller.signal);
    const align = (ms: number): number => Math.ceil(ms / stepMs) * stepMs;
    const frame = await metrics.fetch(
      { targets: pods, fromMs: align(range.fromMs), toMs: align(range.toMs), stepMs },
      controller.signal,
    );
    const recording = toRecording(span, store.spans, frame);
    if (!recording) return log.debug(`${span.ref.name} is not recorded: too few samples`);
    await recordings.save(recording);
    log.info(`recorded the metrics around ${span.ref.name} for training`);
  };
  const look = (): void => {
    if (!options.enabled()) return;
    for (const span of store.spans) {
      if (!span.ours || span.toMs === undefined || span.phase !== 'finished' || handled.has(span.key)) continue;
      handled.add(span.key);
      const timer = clock.after(Math.max(0, span.toMs + SETTLE_MS - clock.now()), () => {
        waiting.delete(timer);
        record(span).catch((error: unknown) => {
          if (!controller.signal.aborted) log.warn(`${span.ref.name} is not recorded: ${toAppError(error).message}`);
        });
      });
      waiting.add(timer);
    }
  };
  const observing = store.observe(look);
  return {
    dispose: () => {
      observing.dispose();
      controller.abort();
      for (const timer of waiting) timer.dispose();
    },
  };
}
