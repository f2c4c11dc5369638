/** Kubernetes's own for generated names: no words by chance. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** So many characters that may stand in a name of Kubernetes; `random` is uniform in [0, 1). */
export const randomText = (length: number, random: () => number): string =>
  Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('');
