import { joined, msg, type Text } from '../base/text';
import { nearestWord } from '../chaosYaml/findings';
import { METRICS } from '../metrics/catalogue';

const METRIC_IDS = METRICS.map(({ id }) => id);

/** A name as it is shown in a message: a long one loses its end. */
export const cutName = (word: string): string => (word.length > 40 ? `${word.slice(0, 39)}…` : word);

/** What is said of a metric that does not exist, and the one that was most likely meant; where none is, those that are near. */
export function unknownMetric(name: string): { message: Text; meant: string | undefined } {
  const message = msg`Unknown metric "${cutName(name)}".`;
  const meant = nearestWord(name, METRIC_IDS);
  if (meant !== undefined) return { message, meant };
  const near = similarNames(name, METRIC_IDS);
  const known =
    near.length > 0 ? msg`Similar ones: ${near.join(', ')}.` : msg`The metrics are ${METRIC_IDS.join(', ')}.`;
  return { message: joined([message, known]), meant };
}

/** The most names that are listed as similar. */
const MOST_SIMILAR = 8;

/** Those that share words with a name of another system, such as `container_cpu_usage`; the more words, the sooner. */
function similarNames(name: string, known: readonly string[]): string[] {
  const asked = new Set(wordsOf(name.slice(0, 200)));
  const shared = (one: string): number => wordsOf(one).filter((word) => asked.has(word)).length;
  return known
    .filter((one) => shared(one) > 0)
    .toSorted((a, b) => shared(b) - shared(a))
    .slice(0, MOST_SIMILAR);
}

const wordsOf = (name: string): string[] => name.match(/[A-Z]?[a-z]+|[A-Z]+/g)?.map((one) => one.toLowerCase()) ?? [];

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
