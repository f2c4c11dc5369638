/** Kubernetes's alphabet for generated names, which forms no words by chance. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Random characters that are valid in a Kubernetes name; `random` is uniform in [0, 1). */
export const randomText = (length: number, random: () => number): string =>
  Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('');
