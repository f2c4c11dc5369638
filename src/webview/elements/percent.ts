/** A share or a score from 0 to 1 as everything in the page writes it: `97 %`. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
