import { msg, type Text } from '../base/text';
import { nearestWord } from '../chaosYaml/findings';

/** What is said of a field that does not exist, and the one that was most likely meant, where it is not taken. */
export function unknownField(
  key: string,
  owner: Readonly<Record<string, unknown>>,
  known: readonly string[],
): { message: Text; meant: string | undefined } {
  const near = nearestWord(key, known);
  const meant = near !== undefined && Object.hasOwn(owner, near) ? undefined : near;
  const name = key.length > 40 ? `${key.slice(0, 39)}…` : key;
  const message =
    meant === undefined
      ? msg`Unknown field "${name}". Expected one of ${known.join(', ')}.`
      : msg`Unknown field "${name}". Did you mean ${meant}?`;
  return { message, meant };
}
