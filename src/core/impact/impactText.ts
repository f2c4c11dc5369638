import { formatPercent } from '../base/percent';
import { formatBytes } from '../base/quantity';
import { distinct, msg, type Text } from '../base/text';
import type { Hits } from './hits';
import type { Impact } from './impact';
import type { Share } from './share';
import type { Headroom } from './strain';

/** What would be hit, line by line: the pods of a single object, the share of the database, the memory that is taken. */
export const impactTexts = (harm: Impact): Text[] => [
  ...(harm.parts.length === 1 ? harm.parts.map(({ hits }) => hitText(hits)).filter((line) => line !== '') : []),
  ...(isElsewhere(harm) || harm.share.of === 0 ? [] : [shareText(harm.share)]),
  ...harm.headroom.flatMap(headroomTexts),
];

/** What to know about it before it starts; what needs a confirmation first. */
export const warningTexts = ({ grave, warnings }: Pick<Impact, 'grave' | 'warnings'>): Text[] =>
  distinct([...grave, ...warnings]);

/** It acts only in another cluster, whose database is unknown. */
const isElsewhere = ({ parts }: Impact): boolean =>
  parts.length > 0 && parts.every(({ hits }) => hits.elsewhere !== undefined);

/** The pods by name; if Chaos Mesh chooses, the candidates. '' where there are none. */
export function hitText({ pods, random, atLeast, atMost, peers, elsewhere }: Hits): Text {
  if (elsewhere !== undefined) return msg`pods of the cluster ${elsewhere}, which DistDiag is not connected to`;
  if (pods.length === 0) return '';
  const names = (of: Hits['pods']): string => of.map(({ target }) => target.pod).join(', ');
  const chosen: Text = random
    ? atLeast === atMost
      ? msg`${atMost} of these ${pods.length}, picked by Chaos Mesh: ${names(pods)}`
      : msg`At most ${atMost} of these ${pods.length}, picked by Chaos Mesh: ${names(pods)}`
    : names(pods);
  return peers ? msg`${chosen} ⇄ ${names(peers.pods)}` : chosen;
}

/** `1 of 3 database pods (33%)`. */
export const shareText = ({ hit, of }: Pick<Share, 'hit' | 'of'>): Text =>
  msg`${hit} of ${of} database pods (${formatPercent(hit / of)})`;

/** How much memory is available and how much is used; [] if the limit is unknown. */
export function headroomTexts({ pod, limit, used, wanted }: Headroom): Text[] {
  if (limit === undefined || !Number.isFinite(wanted)) return [];
  const [takes, all] = [formatBytes(wanted), formatBytes(limit)];
  return [
    used === undefined
      ? msg`${pod}: takes ${takes} of the memory limit of ${all}`
      : msg`${pod}: takes ${takes} of the ${formatBytes(Math.max(0, limit - used))} still free (limit ${all}, ${formatBytes(used)} in use)`,
  ];
}
