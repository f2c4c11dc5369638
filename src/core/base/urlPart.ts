import { msg } from './text';
import { AppError } from './errors';

/** A text as an address holds it. Half a character, which JSON may hold and no URL can, is replaced as decoders do it. */
export const urlText = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));

/**
 * A name as one part of a URL. Throws `invalid` for what would not stay a part: nothing, which leads to all there is, what
 * leads to the part above, and what Kubernetes forbids in names because servers decode before they divide: for them the
 * name `/` is none, and leads to the whole collection.
 */
export function urlPart(text: string): string {
  if (/^\.{0,2}$|[/\\%]/.test(text)) throw new AppError('invalid', msg`"${text}" is not a valid name.`);
  return urlText(text);
}

/**
 * True for a path that an address does not keep as it is: parts that are empty or lead up are taken out on the way, and so
 * are ends of lines and tabs, also within such a part.
 */
export const leadsElsewhere = (path: string): boolean =>
  /[?#\\\s]|%(?:2f|5c)|^[^/]|\/(?:\.|%2e){0,2}(?:\/|$)/i.test(path);
