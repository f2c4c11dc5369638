/**
 * What people read at the editor, in English until `ui` looks it up in their language. A literal is a text where this
 * type is expected, and one with something put in is made by the tag `msg`: so `npm run l10n` finds them.
 */
export type Text = string | Message;

/** A text with something put in, and what that is: the two are looked up each by itself. */
export class Message {
  /** With `{0}`, `{1}`, … where the values belong. */
  readonly template: string;
  readonly values: readonly (Text | number)[];

  constructor(template: string, values: readonly (Text | number)[]) {
    this.template = template;
    this.values = values;
  }

  /** In English, as the log, programs and files get it. */
  toString(): string {
    return this.template.replace(/\{(\d+)\}/g, (mark, place: string) => String(this.values[Number(place)] ?? mark));
  }

  toJSON(): string {
    return this.toString();
  }
}

/** A text with something put in: msg`${pod} is not ready.` */
export const msg = (parts: TemplateStringsArray, ...values: readonly (Text | number)[]): Message =>
  new Message(
    parts.reduce((all, part, i) => `${all}{${i - 1}}${part}`),
    values,
  );

/** Joins texts such as sentences. Empty ones are left out; a single one stays unchanged. */
export function joined(texts: readonly Text[], separator = ' '): Text {
  const said = texts.filter((one) => one !== '');
  if (said.length < 2) return said[0] ?? '';
  return new Message(said.map((_, i) => `{${i}}`).join(separator), said);
}

/** Sentences one after the other. Chinese ones have a full stop of their own, and no space after it. */
export function inARow(...sentences: readonly (string | undefined)[]): string {
  return sentences.reduce<string>((said, next) => {
    if (said === '' || !next) return said || (next ?? '');
    if (/[。！？]$/.test(said)) return `${said}${next}`;
    if (/[.!?…]$/.test(said)) return `${said} ${next}`;
    return /\p{Script=Han}/u.test(said) ? `${said}。${next}` : `${said}. ${next}`;
  }, '');
}

/** Each text once. */
export const distinct = (texts: readonly Text[]): Text[] => [
  ...new Map(texts.map((one) => [String(one), one])).values(),
];

/** Whether two texts say the same: of messages there may be two that do. */
export const saysSame = (a: Text, b: Text): boolean => String(a) === String(b);

/** A text that came from another thread, which sends what a message holds, but not its class. */
export const received = (text: Text): Text =>
  typeof text === 'string'
    ? text
    : new Message(
        text.template,
        text.values.map((value) => (typeof value === 'number' ? value : received(value))),
      );
