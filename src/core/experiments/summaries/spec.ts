import { isRecord, textOf } from '../../base/unknown';

/** A spec, or a part of one, of which nothing is known. */
export type Spec = Readonly<Record<string, unknown>>;

/** A block of a spec; {} where it is none. */
export const part = (spec: Spec, key: string): Spec => (isRecord(spec[key]) ? spec[key] : {});
/** A value as text; '' where it is none. */
export const textField = (spec: Spec, key: string): string => textOf(spec[key]);
/** Texts of a list with commas. */
export const list = (value: unknown): string =>
  Array.isArray(value)
    ? value
        .map(textOf)
        .filter((one) => one !== '')
        .join(', ')
    : '';
/** ` label value`, or nothing where the value is empty or 0. */
export const suffix = (label: string, value: string): string =>
  value === '' || value === '0' ? '' : ` ${label}${value}`;
/** Those that are there. */
export const join = (between: string, ...texts: readonly string[]): string =>
  texts.filter((one) => one !== '').join(between);
/** ` for n %` where it is a share and not all. */
export const share = (value: string): string => (value === '' || value === '100' ? '' : ` for ${value}%`);
/** `delay 100ms ± 10ms`. */
export const delayed = (delay: Spec): string => {
  const jitter = textField(delay, 'jitter');
  return `${textField(delay, 'latency')}${/^0+[a-zµ]*$/.test(jitter) ? '' : suffix('± ', jitter)}`;
};
