import { describe, expect, it } from 'vitest';
import { AppError, isAbort, toAppError } from '../../../src/core/errors';

/** What another bundle's copy of the class throws. */
const foreign = (code: string): Error =>
  Object.assign(new Error('No kubeconfig.'), { name: 'AppError', code, hint: 'Set it.' });

describe('an error that crosses a boundary', () => {
  it('keeps its code and hint when another bundle made it', () => {
    const error = foreign('notConfigured');
    expect(toAppError(error)).toBe(error);
    expect(error).toBeInstanceOf(AppError);
    expect(isAbort(foreign('cancelled'))).toBe(true);
  });

  it('is told apart from any other error', () => {
    for (const thrown of [
      new Error('x'),
      Object.assign(new Error('x'), { code: 'EPIPE' }),
      { name: 'AppError', code: 'stuck' },
      'x',
    ])
      expect(thrown).not.toBeInstanceOf(AppError);
    expect(toAppError('x')).toMatchObject({ code: 'internal', message: 'x' });
    expect(toAppError(new DOMException('no', 'AbortError')).code).toBe('cancelled');
  });
});
