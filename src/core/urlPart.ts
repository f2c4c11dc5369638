/** A text as one part of a URL. Half a character, which JSON may hold and no URL can, is replaced as decoders do it. */
export const urlPart = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
