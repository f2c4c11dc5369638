/**
 * What a terminal acts on, half characters that no file or address can hold, and what turns the direction of writing so that a text reads as another one. Ends of lines
 * and tabs stay.
 */
const UNSEEN =
  // eslint-disable-next-line no-control-regex -- they are what must not be there
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\p{Surrogate}]/gu;

/** A text of a cluster without characters that are not seen but change how the rest is. */
export const withoutUnseen = (text: string): string => text.replace(UNSEEN, '');

/** A text on one line: others' text cannot start a new line. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** A text of which nothing is taken for an address that can be opened. */
export const withoutLinks = (text: string): string =>
  withoutUnseen(text)
    .replace(/:\/\//g, ': //')
    .replace(/\bwww\./gi, 'www .');

/** Text that Markdown takes as nothing but text, on one line. */
export const markdownText = (text: string): string =>
  withoutUnseen(text)
    .replace(/[\\`*_{}[\]<>#|~]/g, '\\$&')
    .replace(/\s+/g, ' ');

/** Text as code within a line of Markdown: between more backticks than it has itself. */
export function markdownCode(text: string): string {
  const plain = withoutUnseen(text).replace(/\s+/g, ' ');
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([marks]) => marks.length));
  const marks = '`'.repeat(longest + 1);
  return longest === 0 ? `${marks}${plain}${marks}` : `${marks} ${plain} ${marks}`;
}
