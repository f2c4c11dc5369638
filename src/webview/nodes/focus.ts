import { MOST_LINES } from '../../core/base/nodeLook';

/** The nodes that the charts speak of. */
export interface Focus {
  /** Most anomalous first. */
  anomalous: readonly string[];
  pinned: ReadonlySet<string>;
  /** Under the pointer, in a chart or in the legend. */
  hovered: string | undefined;
}

/** Which nodes are drawn as lines, and which are in the band of the peers. */
export interface Drawn {
  own: ReadonlySet<string>;
  /** Empty: each has its line. One that is only hovered stays among them, so that the band stands still. */
  peers: ReadonlySet<string>;
}

/** How the shown nodes are drawn; the hovered one has a line besides. */
export function drawn(shown: readonly string[], { anomalous, pinned }: Omit<Focus, 'hovered'>): Drawn {
  if (shown.length <= MOST_LINES) return { own: new Set(shown), peers: new Set() };
  const there = new Set(shown);
  const kept = new Set([...anomalous.filter((node) => there.has(node)).slice(0, MOST_LINES), ...pinned]);
  return {
    own: new Set(shown.filter((node) => kept.has(node))),
    peers: new Set(shown.filter((node) => !kept.has(node))),
  };
}

/** The nodes' names without what all of them begin with, as far as a hyphen; the whole names where that leaves nothing. */
export function shortNames(nodes: readonly string[]): ReadonlyMap<string, string> {
  const [first = '', ...others] = nodes;
  let end = 0;
  if (others.length > 0)
    for (let at = first.indexOf('-'); at >= 0; at = first.indexOf('-', at + 1)) {
      const begin = first.slice(0, at + 1);
      if (!others.every((node) => node.startsWith(begin) && node.length > begin.length)) break;
      end = at + 1;
    }
  // `z1-0` is a name; `0` is none.
  const least = Math.min(...nodes.map((node) => node.length - end));
  return new Map(nodes.map((node) => [node, least >= 3 ? node.slice(end) : node]));
}
