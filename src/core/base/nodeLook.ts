/**
 * The colours that tell nodes apart, in the order in which they are given: `theme` is the editor's colour, `onWhite` and
 * `onDark` the same hue for a picture on white or on near black. Red and yellow, which elsewhere mean trouble, come last.
 * Orange is not charts.orange, which is two thirds see-through.
 */
export const NODE_COLOURS = [
  { theme: 'charts.blue', onWhite: '#1a73d9', onDark: '#59a4f9' },
  { theme: 'symbolIcon.classForeground', onWhite: '#c4650c', onDark: '#ee9d28' },
  { theme: 'charts.purple', onWhite: '#7a3db8', onDark: '#b180d7' },
  { theme: 'charts.green', onWhite: '#2f8132', onDark: '#89d185' },
  { theme: 'terminal.ansiCyan', onWhite: '#0a8fa8', onDark: '#29b8db' },
  { theme: 'terminal.ansiMagenta', onWhite: '#c2399b', onDark: '#e07bd0' },
  { theme: 'charts.red', onWhite: '#d3302f', onDark: '#f26b6b' },
  { theme: 'charts.yellow', onWhite: '#8f6b00', onDark: '#d7ba5a' },
] as const;

/** Patterns that tell lines apart without colour; the first is a whole line. */
export const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [8, 3, 2, 3], [12, 4], [1, 2]];

/** Up to this many nodes each have a line of their own; of more only those in focus. */
export const MOST_LINES = 8;

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

/**
 * The look of each node of a cluster: by its place among their names, whatever order they come in. `others`, such as nodes
 * that are gone, come behind all of them, so that they change nobody's look.
 */
export function nodeLooks(nodes: readonly string[], others: readonly string[] = []): ReadonlyMap<string, NodeLook> {
  const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort((a, b) => byName.compare(a, b));
  const names = new Set([...sorted(nodes), ...sorted(others)]);
  return new Map([...names].map((node, place) => [node, lookAt(place)]));
}

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
