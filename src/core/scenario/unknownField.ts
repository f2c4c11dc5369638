import { msg, type Text } from '../base/text';
import { nearestWord } from '../chaosYaml/findings';
import { METRICS } from '../metrics/catalogue';

const METRIC_IDS = METRICS.map(({ id }) => id);

/** A name as it is shown in a message: a long one loses its end. */
export const cutName = (word: string): string => (word.length > 40 ? `${word.slice(0, 39)}…` : word);

/** What is said of a metric that does not exist, and the one that was most likely meant. */
export const unknownMetric = (name: string): { message: Text; meant: string | undefined } => ({
  message: msg`Unknown metric "${cutName(name)}".`,
  meant: nearestWord(name, METRIC_IDS),
});

/** The field that was most likely meant, where it is not taken. */
export function meantField(
  key: string,
  owner: Readonly<Record<string, unknown>>,
  known: readonly string[],
): string | undefined {
  const near = nearestWord(key, known);
  return near !== undefined && Object.hasOwn(owner, near) ? undefined : near;
}

/** What is said of a field that does not exist, and the one that was most likely meant, where it is not taken. */
export function unknownField(
  key: string,
  owner: Readonly<Record<string, unknown>>,
  known: readonly string[],
): { message: Text; meant: string | undefined } {
  const meant = meantField(key, owner, known);
  const name = cutName(key);
  const message =
    meant === undefined
      ? msg`Unknown field "${name}". Expected one of ${known.join(', ')}.`
      : msg`Unknown field "${name}". Did you mean ${meant}?`;
  return { message, meant };
}
