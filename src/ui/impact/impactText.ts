import * as vscode from 'vscode';
import { formatPercent } from '../../core/base/percent';
import { distinct } from '../../core/base/text';
import { formatBytes } from '../../core/base/quantity';
import type { Headroom } from '../../core/impact/strain';
import { oneLine } from '../../core/base/sanitize';
import type { Impact } from '../../core/impact/impact';
import type { Hits } from '../../core/impact/hits';
import type { Share } from '../../core/impact/share';
import { localized } from '../text/coreText';

/** What a single object would hit, and what to know about it, line by line. */
export function impactLines(harm: Impact): string[] {
  return [
    ...(harm.parts.length === 1 ? harm.parts.map(({ hits }) => hitWords(hits)).filter((line) => line !== '') : []),
    ...(isElsewhere(harm) ? [] : shareLine(harm.share)),
    ...harm.headroom.flatMap(headroomWords),
    ...distinct([...harm.grave, ...harm.warnings]).map((text) => `⚠ ${oneLine(localized(text))}`),
  ];
}

/** It acts only in another cluster, whose database is unknown. */
const isElsewhere = ({ parts }: Impact): boolean =>
  parts.length > 0 && parts.every(({ hits }) => hits.elsewhere !== undefined);

/** An object's other fields, each below the line that says what they do. */
export const restLines = (lines: readonly string[]): string[] => lines.map((line) => `    ${line}`);

/** The pods by name; if Chaos Mesh chooses, the candidates. */
export function hitWords({ pods, random, atLeast, atMost, peers, elsewhere }: Hits): string {
  if (elsewhere !== undefined)
    return vscode.l10n.t('pods of the cluster {0}, which DistDiag is not connected to', elsewhere);
  if (pods.length === 0) return '';
  const names = (of: Hits['pods']): string => of.map(({ target }) => target.pod).join(', ');
  const chosen = random
    ? atLeast === atMost
      ? vscode.l10n.t('{0} of these {1}, picked by Chaos Mesh: {2}', atMost, pods.length, names(pods))
      : vscode.l10n.t('At most {0} of these {1}, picked by Chaos Mesh: {2}', atMost, pods.length, names(pods))
    : names(pods);
  return peers ? `${chosen} ⇄ ${names(peers.pods)}` : chosen;
}

/** `1 of 3 pods of the database, 33%`. */
export function shareWords({ hit, of }: Pick<Share, 'hit' | 'of'>): string {
  return vscode.l10n.t('{0} of {1} database pods ({2})', hit, of, formatPercent(hit / of));
}

const shareLine = (share: Share): string[] => (share.of > 0 ? [shareWords(share)] : []);

/** How much memory is available and how much is used; [] if the limit is unknown. */
export function headroomWords({ pod, limit, used, wanted }: Headroom): string[] {
  if (limit === undefined || !Number.isFinite(wanted)) return [];
  return [
    used === undefined
      ? vscode.l10n.t('{0}: takes {1} of the memory limit of {2}', pod, formatBytes(wanted), formatBytes(limit))
      : vscode.l10n.t(
          '{0}: takes {1} of the {2} still free (limit {3}, {4} in use)',
          pod,
          formatBytes(wanted),
          formatBytes(Math.max(0, limit - used)),
          formatBytes(limit),
          formatBytes(used),
        ),
  ];
}
