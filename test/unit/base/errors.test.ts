import { describe, expect, it } from 'vitest';
import { AppError, isAbort, toAppError } from '../../../src/core/base/errors';

describe('an error that crosses a boundary', () => {
  it('keeps its code and hint', () => {
    const error = new AppError('notConfigured', 'No kubeconfig.', { hint: 'Set it.' });
    expect(toAppError(error)).toBe(error);
    expect(isAbort(new AppError('cancelled', 'Cancelled.'))).toBe(true);
  });

  it('is made of any other', () => {
    expect(toAppError('x')).toMatchObject({ code: 'internal', message: 'x' });
    expect(toAppError(new DOMException('no', 'AbortError')).code).toBe('cancelled');
  });
});
