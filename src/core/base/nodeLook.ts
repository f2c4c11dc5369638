/**
 * The colours that tell nodes apart, in the order in which they are given: `theme` is the editor's colour, `onWhite`
 * the same hue for a picture on white. Red and yellow, which elsewhere mean trouble, come last.
 */
export const NODE_COLOURS = [
  { theme: 'charts.blue', onWhite: '#1a73d9' },
  { theme: 'charts.orange', onWhite: '#c4650c' },
  { theme: 'charts.purple', onWhite: '#7a3db8' },
  { theme: 'charts.green', onWhite: '#2f8132' },
  { theme: 'terminal.ansiCyan', onWhite: '#0a8fa8' },
  { theme: 'terminal.ansiMagenta', onWhite: '#c2399b' },
  { theme: 'charts.red', onWhite: '#d3302f' },
  { theme: 'charts.yellow', onWhite: '#8f6b00' },
] as const;

/** Patterns that tell lines apart without colour; the first is a whole line. */
export const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [8, 3, 2, 3], [12, 4], [1, 2]];

/** How a node is drawn wherever it is drawn: places in `NODE_COLOURS` and `DASHES`. */
export interface NodeLook {
  colour: number;
  /** More than the first where the colours are used up. */
  dash: number;
  /** The same where lines must be told apart by their patterns alone. */
  plainDash: number;
}

const byName = new Intl.Collator('en', { numeric: true });

/** The look of the thing at a place of a list. */
export const lookAt = (place: number): NodeLook => ({
  colour: place % NODE_COLOURS.length,
  dash: Math.floor(place / NODE_COLOURS.length) % DASHES.length,
  plainDash: place % DASHES.length,
});

/** The look of each node of a cluster: by its place among their names, whatever order they come in. */
export const nodeLooks = (nodes: readonly string[]): ReadonlyMap<string, NodeLook> =>
  new Map([...new Set(nodes)].sort((a, b) => byName.compare(a, b)).map((node, place) => [node, lookAt(place)]));

/**
 * The looks where only some nodes are drawn: one that shares its colour with none of them needs no pattern. Colours stay
 * as they are.
 */
export function looksAmong(
  looks: ReadonlyMap<string, NodeLook>,
  drawn: Iterable<string>,
): ReadonlyMap<string, NodeLook> {
  const result = new Map(looks);
  const taken = new Set<number>();
  for (const node of drawn) {
    const look = looks.get(node);
    if (!look) continue;
    if (!taken.has(look.colour)) result.set(node, { ...look, dash: 0 });
    taken.add(look.colour);
  }
  return result;
}
