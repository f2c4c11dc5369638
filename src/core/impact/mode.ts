import { textOf } from '../base/unknown';

/** How many of the selected pods Chaos Mesh hits. */
export interface Count {
  atLeast: number;
  atMost: number;
  /** True where Chaos Mesh chooses which ones. */
  random: boolean;
}

/** What a mode and its value make of a number of selected pods; a mode that is unknown may hit them all. */
export function countOf(mode: unknown, value: unknown, selected: number): Count {
  const number = Number(textOf(value));
  const limit = Number.isFinite(number) ? Math.max(0, Math.trunc(number)) : 0;
  // Rounded up since Chaos Mesh 2.2: pkg/selector/generic/mode.go, chaos-mesh/chaos-mesh#3036.
  const share = Math.ceil((selected * Math.min(limit, 100)) / 100);
  const exactly = (count: number): Count => ({ atLeast: count, atMost: count, random: count > 0 && count < selected });
  switch (mode) {
    case 'one':
      return exactly(Math.min(1, selected));
    case 'fixed':
      return exactly(Math.min(limit, selected));
    case 'fixed-percent':
      return exactly(share);
    case 'random-max-percent':
      return { atLeast: 0, atMost: share, random: share > 0 };
    default:
      return exactly(selected);
  }
}
