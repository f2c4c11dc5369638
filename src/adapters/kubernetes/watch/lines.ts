import type { Readable } from 'node:stream';
import { AppError } from '../../../core/base/errors';

/** The complete lines of a stream of text; throws what the stream throws. A last line without an end is half a message and left out. */
export async function* streamLines(stream: Readable, maxLength = 16 * 1024 * 1024): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  let rest = '';
  for await (const chunk of stream) {
    // What was there before has no end of a line: it is not looked through again for every piece of a long one.
    const before = rest.length;
    rest += chunk as string;
    let end = rest.indexOf('\n', before);
    while (end >= 0) {
      yield rest.slice(0, end);
      rest = rest.slice(end + 1);
      end = rest.indexOf('\n');
    }
    if (rest.length > maxLength) throw new AppError('badAnswer', 'The server sent a line that never ends.');
  }
}
