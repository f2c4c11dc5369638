import { windowSteps } from '../diagnosis/stretches';
import { isEmptyFrame, withoutSilentNodes } from '../metrics/axis';
import { untilAborted } from '../time/waiting';
import { noSamples } from './emptyHealth';
import { analyseAll, fetchLook, NO_ANSWER, ofShown, problemsOf, type LookBack } from './lookFrames';
import type { MonitorOptions, Stretch } from './monitor';
import type { MonitorState } from './monitorState';
import { placesUnknown } from './places';

type Look = Pick<MonitorState, 'source' | 'targets' | 'frame' | 'ranks' | 'diagnosis' | 'problems' | 'health'>;

/** What a monitor would have shown at the end of a past range, with the nodes of that time. Rejects with AppError. */
export async function pastLook(
  { targets: gateway, query, metrics, scorer, clock }: MonitorOptions,
  back: LookBack,
  { fromMs, toMs, stepMs }: Stretch,
  signal: AbortSignal,
): Promise<Look> {
  const now = await untilAborted(gateway.list(query, signal), signal);
  const targets = [...now, ...(gateway.gone?.(query, fromMs) ?? [])];
  const source = await untilAborted(metrics.describe(targets, signal), signal);
  const range = { shown: targets, gone: () => [], windowMs: toMs - fromMs, stepMs, toMs };
  const found = await fetchLook(metrics, range, back, source.metrics.length, signal);
  const frame = withoutSilentNodes(found.shown);
  const look = { source, targets, frame };
  if (isEmptyFrame(frame)) return { ...look, ...NO_ANSWER, health: noSamples(source.url, query) };
  const analysis = await analyseAll(scorer, found.ranked, found.moments, signal);
  // A current pod without samples at that time is newer, if another pod is known to have run in its place.
  const then = withoutSilentNodes(found.ranked, windowSteps(back.stepMs));
  const unknown = new Set(placesUnknown(now, then.nodes));
  const pods = new Set(now.map(({ pod }) => pod));
  const answer = ofShown(
    analysis,
    frame,
    ({ node, why }) => pods.has(node) && (why !== 'noSamples' || unknown.has(node)),
  );
  const problems = problemsOf(found.ranked, new Set([...frame.nodes, ...unknown]));
  return { ...look, ...answer, problems, health: { state: 'live', updatedAt: clock.now() } };
}
