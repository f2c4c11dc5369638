import * as vscode from 'vscode';
import type { ExperimentRef } from '../../core/experiments/experiment';
import { clusterKey } from '../../core/cluster/clusterKey';
import type { ClusterSession } from '../session/session';

type Cluster = Pick<ClusterSession, 'context' | 'server'>;

/** The URI of a live document: it names the object and its cluster. */
export function liveUri(
  scheme: string,
  { kind, namespace, name, uid }: ExperimentRef,
  cluster: Cluster,
  extension: string,
): vscode.Uri {
  const query = new URLSearchParams({ cluster: clusterKey(cluster), context: cluster.context, uid: uid ?? '' });
  return vscode.Uri.from({ scheme, path: `/${namespace}/${kind}/${name}${extension}`, query: query.toString() });
}

/** The object that a URI names; `elsewhere` is the message if it belongs to another cluster. */
export function readLiveUri(
  uri: vscode.Uri,
  cluster: Cluster,
  extension: string,
): { ref: ExperimentRef; elsewhere: string | undefined } {
  const [, namespace = '', kind = '', file = ''] = uri.path.split('/');
  const query = new URLSearchParams(uri.query);
  const name = file.endsWith(extension) ? file.slice(0, -extension.length) : file;
  const uid = query.get('uid');
  const its = query.get('cluster');
  return {
    ref: { kind, namespace, name, ...(uid ? { uid } : {}) },
    elsewhere:
      its === null || its === clusterKey(cluster)
        ? undefined
        : vscode.l10n.t(
            '{0} belongs to another cluster, {1}, and may still be running there.',
            `${kind} ${namespace}/${name}`,
            query.get('context') ?? '',
          ),
  };
}
