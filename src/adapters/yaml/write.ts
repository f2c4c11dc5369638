import { Document, isScalar, visit } from 'yaml';
import { OTHER } from './differences';
import { needsQuotes } from './scalars';

/** Texts that kubectl would read in another way without quotation marks, or not at all. */
const mustQuote = (text: string, flow: boolean): boolean =>
  needsQuotes(text) ||
  text === '<<' ||
  OTHER.test(text) ||
  // A block may not begin its lines with tabs.
  /^[ \t]*\t|\n[ \t]*\t|\r/.test(text) ||
  (flow && /[?:]/.test(text));

/** A value as YAML that kubectl and every reader of YAML 1.1 or 1.2 reads as this value; `flow` is all on one line. */
export function writeYaml(value: unknown, { flow = false } = {}): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, node) => {
      if (isScalar(node) && typeof node.value === 'string' && mustQuote(node.value, flow)) node.type = 'QUOTE_DOUBLE';
    },
  });
  const text = document.toString({ lineWidth: 0, ...(flow ? { collectionStyle: 'flow' as const } : {}) });
  // The library leaves some of them as they are within quotation marks.
  return text.replace(
    new RegExp(OTHER, 'gu'),
    (found) => `\\u${(found.codePointAt(0) as number).toString(16).padStart(4, '0')}`,
  );
}
