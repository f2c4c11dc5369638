import { AppError } from '../../../core/base/errors';
import { msg } from '../../../core/base/text';
import { isRecord } from '../../../core/base/unknown';
import { cutName, unknownField } from '../../../core/scenario/unknownField';

/**
 * Throws AppError where an agent's input has a field that the tool does not take: without it, the answer would be to
 * another question than was asked.
 */
export function refuseUnknownFields(input: unknown, known: readonly string[]): void {
  if (!isRecord(input)) return;
  const unknown = Object.keys(input).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const message =
    known.length === 0
      ? msg`Unknown field "${cutName(unknown)}". This tool takes none.`
      : unknownField(unknown, input, known).message;
  throw new AppError('invalid', message);
}
