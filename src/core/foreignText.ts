/** As long as the longest name that Kubernetes has. */
const LONGEST = 253;

/** What is not seen, and by which a text can hold another one: controls, marks of direction, tags, variations. */
const HIDDEN = /[\p{C}\u034f\u115f\u1160\u17b4\u17b5\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/gu;
/** What a reader could follow, with a scheme or without. */
const ADDRESS =
  /(?:\b[a-z][a-z0-9+.-]*:)?\/\/[^\s/]\S*|\bwww\.\S+|\b(?:mailto|javascript|data|command|vscode[\w-]*|file):\S+/gi;

/**
 * What others wrote, for a reader that might take it for an order, as a language model does: on one line, of bounded
 * length, with nothing hidden and no address to follow.
 */
export function foreignText(text: string): string {
  const line = text
    .slice(0, 8 * LONGEST)
    .replace(/\s+/g, ' ')
    .replace(HIDDEN, '')
    .replace(ADDRESS, '<address>')
    .trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).replace(HIDDEN, '')}…` : line;
}
