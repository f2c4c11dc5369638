import * as vscode from 'vscode';
import type { WrittenObject } from '../../core/chaosYaml/language';
import type { OrchestrationSnapshot } from '../../core/workflows/orchestration';
import { isSameSpec } from '../../core/experiments/sameSpec';
import { textOf } from '../../core/base/unknown';
import type { ClusterSession } from '../session/session';
import { GROUP_STYLES, groupWords } from '../tree/groupStyle';
import type { LiveState } from './liveState';

/** The state of a written workflow or schedule in the cluster; `snapshot` is undefined until the list has arrived. */
export function starterStateOf(
  object: WrittenObject,
  session: ClusterSession,
  snapshot: OrchestrationSnapshot | undefined,
): LiveState {
  const state = (title: string, canStop = false): LiveState => ({ experiment: undefined, title, canStop });
  if (!snapshot) {
    return session.store.snapshot.health.state === 'failed'
      ? state(`$(debug-disconnect) ${vscode.l10n.t('The cluster is not available')}`)
      : state(`$(loading~spin) ${vscode.l10n.t('Checking the cluster')}`);
  }
  const namespace = object.namespace || session.config.chaosNamespace;
  const now = session.clock.now();
  const group = session.orchestration
    .groups(snapshot, session.store.snapshot.experiments, now)
    .flatMap((one) => [one, ...one.members])
    .find(
      (one) =>
        'type' in one &&
        one.object?.kind === object.kind &&
        textOf(one.object.metadata.namespace) === namespace &&
        one.object.metadata.name === object.name,
    );
  if (!group || !('type' in group))
    return state(`$(circle-outline) ${vscode.l10n.t('Not in {0}', `${session.context}/${namespace}`)}`);
  const { icon, label } = GROUP_STYLES[group.state];
  const differs = object.manifest && group.object && !isSameSpec(object.manifest.spec, group.object.spec);
  const parts = [label, ...groupWords(group, now), ...(differs ? [vscode.l10n.t('differs from this file')] : [])];
  return state(`$(${icon}) ${parts.join(' · ')}`, group.state !== 'stopping');
}
