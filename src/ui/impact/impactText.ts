import { oneLine } from '../../core/base/sanitize';
import type { Hits } from '../../core/impact/hits';
import type { Impact } from '../../core/impact/impact';
import { headroomTexts, hitText, impactTexts, shareText, warningTexts } from '../../core/impact/impactText';
import type { Share } from '../../core/impact/share';
import type { Headroom } from '../../core/impact/strain';
import { localized } from '../text/coreText';

/** What a single object would hit, and what to know about it, line by line. */
export const impactLines = (harm: Impact): string[] => [
  ...impactTexts(harm).map(localized),
  ...warningTexts(harm).map((text) => `⚠ ${oneLine(localized(text))}`),
];

/** An object's other fields, each below the line that says what they do. */
export const restLines = (lines: readonly string[]): string[] => lines.map((line) => `    ${line}`);

/** The pods by name; if Chaos Mesh chooses, the candidates. */
export const hitWords = (hits: Hits): string => localized(hitText(hits));

/** `1 of 3 database pods (33%)`. */
export const shareWords = (share: Pick<Share, 'hit' | 'of'>): string => localized(shareText(share));

/** How much memory is available and how much is used; [] if the limit is unknown. */
export const headroomWords = (headroom: Headroom): string[] => headroomTexts(headroom).map(localized);
