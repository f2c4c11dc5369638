import { AppError } from './errors';

/**
 * A text as one part of a URL. Half a character, which JSON may hold and no URL can, is replaced as decoders do it. Throws
 * `invalid` for what would not stay a part: nothing, which leads to all there is, and what leads to the part above.
 */
export function urlPart(text: string): string {
  if (/^\.{0,2}$/.test(text))
    throw new AppError('invalid', `"${text}" is no name: an address with it leads elsewhere.`);
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

/** True for a path that an address does not keep as it is: parts that are empty or lead up are taken out on the way. */
export const leadsElsewhere = (path: string): boolean => /[?#\\]|^[^/]|\/(?:\.|%2e){0,2}(?:\/|$)/i.test(path);
