/** Where the program writes: lines that stay, and one that is rewritten where somebody watches. */
export interface Terminal {
  /** A line that stays. */
  say: (line: string) => void;
  /** The line that is rewritten; nothing where nobody watches. */
  status: (line: string) => void;
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
      output.write(`${shown === '' ? '' : ERASE}${line}\n${shown}`);
    },
    status: (line) => {
      if (!live) return;
      const before = shown;
      // A line that wraps could not be erased.
      shown = line.slice(0, (output.columns || 80) - 1);
      if (before !== shown) output.write(`${before === '' ? '' : ERASE}${shown}`);
    },
    paint: (text, colour) => (coloured ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text),
  };
}
