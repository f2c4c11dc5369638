/** Pieces that readers of YAML differ in. */
const PIECES = [
  ...[
    'a',
    'b: ',
    'b:',
    ': ',
    ':',
    '- ',
    '-',
    '? ',
    '?',
    ' ',
    '  ',
    '\n',
    '\n',
    '\n  ',
    '\n    ',
    '\n\n',
    '\t',
    '{',
    '}',
  ],
  ...[
    '[',
    ']',
    ', ',
    ',',
    '"',
    '"',
    "'",
    "'",
    '#',
    ' #c\n',
    '&x ',
    '*x',
    '&x\n',
    '*x : ',
    '!!str ',
    '! ',
    '!a ',
    '|\n  ',
  ],
  ...['>\n  ', '|-\n  ', '>+\n  ', '|2\n  ', '<<: ', '<<: *x\n', '---\n', '...\n', '--- ', '%YAML 1.1\n', '1', '0644'],
  ...['yes', 'x y', 'a:b', 'http://x', '\\', '\\n', '\\x41', '\\/', '@', '%', '~', 'null', '"a b"', "'c'", '\r\n', 'é'],
  ...[
    '\u2028',
    '\u0085',
    '\u0007',
    '{a: 1}',
    '[1, 2]',
    '{a, b: }',
    '\n- ',
    '\n  - ',
    '\nc: ',
    '\n  d: ',
    '\\\n',
    '- - ',
  ],
];
const BEGINNINGS = ['v: ', 'v:\n  ', 'v: [', 'v: {', '', 'v:\n', 'v: "', "v: '", 'v: |\n', 'v: >\n ', 'x: &x {q: 1}\n'];
const ENDS = ['', '\n', ']', '}', '"', "'", ']\n', '}\n', '"\n', '\n...\n', ' # c\n', '\nz: 1\n'];
const WHOLE = [
  'spec:\n  selector: &x\n    a: 1\n  b: {<<: *x, c: "x y"}\n  list:\n  - one\n  - two: 3\n    four: |\n      text\n       more\n\n      end\n  five: >-\n    folded\n    text\n\n    para\n  six: "dq \\n esc\n    cont"\n',
  'spec:\n    - a:\n      - b\n      -\n        c: d\n    - ? k\n      : v\n    - plain\n      multi\n      line\n    - [a, b,\n       c, {d: e}]\n    - !!str 12\n',
  'v: {a: [1,2], "b":c, d : e, f:g, ? h : i, j, k: }\nw: [a: b, c, "d": e]\n',
];

/** Numbers from 0 to 1, the same for one seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Files that are nearly YAML, the same for one seed. */
export function generated(seed: number, count: number): string[] {
  const next = random(seed);
  const below = (most: number): number => Math.floor(next() * most);
  const pick = (list: readonly string[]): string => list[below(list.length)] as string;
  const assembled = (): string =>
    pick(BEGINNINGS) + Array.from({ length: 1 + below(12) }, () => pick(PIECES)).join('') + pick(ENDS);
  const damaged = (): string => {
    let text = pick(WHOLE);
    for (let times = 1 + below(3); times > 0; times -= 1) {
      const at = below(text.length + 1);
      text = text.slice(0, at) + (next() < 0.7 ? pick(PIECES) : '') + text.slice(at + below(4));
    }
    return text;
  };
  return Array.from({ length: count }, () => `apiVersion: v1\nkind: X\n${next() < 0.5 ? assembled() : damaged()}`);
}
