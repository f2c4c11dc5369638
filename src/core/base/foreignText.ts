/** As long as the longest name that Kubernetes has. */
const LONGEST = 253;

/** What is not seen, and by which a text can hold another one: controls, marks of direction, tags, selectors of variants. */
const HIDDEN = /[\p{C}\p{Default_Ignorable_Code_Point}]/gu;
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
