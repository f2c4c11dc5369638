/** Where the program writes: lines that stay, and one that is rewritten where somebody watches. */
export interface Terminal {
  /** A line that stays. */
  say: (line: string) => void;
  /** The line that is rewritten, or the first of the shorter ones that fits; nothing where nobody watches. */
  status: (line: string, ...shorter: readonly string[]) => void;
  /** Is there such a line? */
  readonly live: boolean;
  /** The text in a colour, where there are any. */
  paint: (text: string, colour: Colour) => string;
}

/** By what they stand for. */
export type Colour = 'good' | 'bad' | 'doubt';

/** A terminal that is written to: `process.stdout` is one. */
export interface Output {
  isTTY?: boolean | undefined;
  columns?: number | undefined;
  write(text: string): unknown;
}

const CODES: Readonly<Record<Colour, number>> = { good: 32, bad: 31, doubt: 33 };
/** Terminals give two columns to Chinese, Japanese and Korean characters, and to pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;

const widthOf = (text: string): number => [...text].reduce((sum, one) => sum + (WIDE.test(one) ? 2 : 1), 0);

const ERASE = '\r\u001b[K';

/** Rewrites a line on a terminal; in CI and in files there are plain lines only. NO_COLOR is honoured. */
export function terminalOn(output: Output, environment: Readonly<Record<string, string | undefined>>): Terminal {
  const given = (name: string): boolean => (environment[name] ?? '') !== '';
  const live = output.isTTY === true && !given('CI') && environment['TERM'] !== 'dumb';
  const coloured = live && !given('NO_COLOR');
  let shown = '';
  return {
    live,
    say: (line) => {
      // A value that is empty would leave a space at the end.
      output.write(`${shown === '' ? '' : ERASE}${line.replace(/(?<! ) +$/gm, '')}\n${shown}`);
    },
    status: (...lines) => {
      if (!live) return;
      const before = shown;
      // A line that wraps could not be erased.
      shown = fitting(lines, (output.columns || 80) - 1);
      if (before !== shown) output.write(`${before === '' ? '' : ERASE}${shown}`);
    },
    paint: (text, colour) => (coloured ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text),
  };
}

/** The first line that is not too wide; where each is, the last one, up to the end of a word. */
function fitting(lines: readonly string[], width: number): string {
  const fits = lines.find((line) => widthOf(line) <= width);
  if (fits !== undefined) return fits;
  if (width < 1) return '';
  let cut = lines.at(-1) ?? '';
  while (widthOf(cut) >= width) {
    const space = cut.lastIndexOf(' ');
    cut = space > 0 ? cut.slice(0, space).trimEnd() : [...cut].slice(0, -1).join('');
  }
  return `${cut.replace(/[ …]+$/, '')}…`;
}
