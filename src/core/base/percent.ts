/** A number that is percent already, as everything writes it: `97%`. */
export const percentSign = (value: number | string): string => `${value}%`;

/** A share or a score from 0 to 1 in percent, in whole ones if not told otherwise: `97%`. */
export const formatPercent = (share: number, digits = 0): string => percentSign(Number((share * 100).toFixed(digits)));
