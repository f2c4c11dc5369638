import { withoutUnseen } from '../../base/sanitize';

/** Text that HTML and SVG take as nothing but text, in an element or in a quoted attribute. */
export const htmlText = (text: string): string =>
  withoutUnseen(text).replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
