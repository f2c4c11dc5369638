import { withoutUnseen } from '../../base/sanitize';

/** Text that HTML and SVG take as nothing but text, in an element or in a quoted attribute. */
export const htmlText = (text: string): string =>
  withoutUnseen(text).replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);

/** Longer words would make a column of a table wide; they are broken behind a mark, or where there is none anywhere. */
const LONGEST = 24;
const WORDS = new RegExp(`[!-~]{${LONGEST + 1},}`, 'g');
const PIECES = new RegExp(`.{1,${LONGEST - 1}}[-_./:,;=|&(){}[\\]<>]|.{1,${LONGEST}}`, 'g');
const BREAK = '\u0000';

/** The same for a cell of a table: long ids and queries may be broken, other words never are. */
export const htmlCellText = (text: string): string =>
  withoutUnseen(text)
    .replace(WORDS, (word) => (word.match(PIECES) ?? [word]).join(BREAK))
    .split(BREAK)
    .map(htmlText)
    .join('<wbr>');
