import type { Readable } from 'node:stream';
import { AppError } from '../../../core/base/errors';

const MOST_CHARACTERS = 16 * 1024 * 1024;

/** The complete lines of a text stream; throws what the stream throws. An unfinished last line is half a message and left out. */
export async function* streamLines(stream: Readable): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  let rest = '';
  for await (const chunk of stream) {
    // The rest so far has no line end, so it is not searched again.
    const before = rest.length;
    rest += chunk as string;
    let end = rest.indexOf('\n', before);
    while (end >= 0) {
      yield rest.slice(0, end);
      rest = rest.slice(end + 1);
      end = rest.indexOf('\n');
    }
    if (rest.length > MOST_CHARACTERS) throw new AppError('badAnswer', 'The server sent a line that never ends.');
  }
}
