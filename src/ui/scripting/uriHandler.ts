import * as vscode from 'vscode';
import type { Disposable } from '../../core/base/disposable';
import type { Log } from '../../core/base/log';
import { showWarningMessage } from '../text/notify';

/** What a link may open. Links only show something: none connects to another cluster, injects or stops. */
const WAYS: Readonly<Record<string, (query: URLSearchParams) => readonly [string, ...unknown[]]>> = {
  '/metrics': (query) => ['distdiag.openMetricsPanel', ...metricOf(query)],
  '/experiments': () => ['distdiag.experiments.focus'],
  '/nodes': () => ['distdiag.nodes.focus'],
  '/log': () => ['distdiag.showLog'],
};

function metricOf(query: URLSearchParams): string[] {
  const metric = query.get('metric');
  return metric !== null && /^[\w.]{1,100}$/.test(metric) ? [metric] : [];
}

/** The command for a link's path; undefined if it is unknown. */
export function commandOf(path: string, query: string): readonly [string, ...unknown[]] | undefined {
  return Object.hasOwn(WAYS, path) ? WAYS[path]?.(new URLSearchParams(query)) : undefined;
}

/** Opens views from links such as `vscode://distdiag.distdiag/metrics?metric=cpu.used`. */
export function openLinks(log: Log): Disposable {
  return vscode.window.registerUriHandler({
    handleUri: async ({ path, query }) => {
      const command = commandOf(path, query);
      if (command) return vscode.commands.executeCommand(...command);
      log.warn(`a link to ${path.slice(0, 100)} was not followed`);
      await showWarningMessage(
        vscode.l10n.t('DistDiag does not handle this link. Supported: {0}', Object.keys(WAYS).join(', ')),
      );
    },
  });
}
