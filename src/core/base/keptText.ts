import { Message, type Text } from './text';
import { isRecord, textOf } from './unknown';

/** A sentence or two; what is longer was not written by us. */
const LONGEST = 2000;
/** Texts within texts. */
const DEEPEST = 5;
const MOST_VALUES = 20;

/** A text as JSON that can be said in any language later: a message's own JSON is English. */
export const keptText = (text: Text): unknown =>
  text instanceof Message
    ? {
        template: text.template,
        values: text.values.map((value) => (typeof value === 'number' ? value : keptText(value))),
      }
    : text;

/** Reads such a text as unknown input; what is none is empty. */
export function readKeptText(value: unknown, depth = 0): Text {
  if (!isRecord(value) || depth > DEEPEST) return textOf(value).slice(0, LONGEST);
  const { template, values } = value;
  if (typeof template !== 'string' || !Array.isArray(values)) return '';
  return new Message(
    template.slice(0, LONGEST),
    values.slice(0, MOST_VALUES).map((one: unknown) => (typeof one === 'number' ? one : readKeptText(one, depth + 1))),
  );
}
