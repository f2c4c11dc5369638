import { expect, it } from 'vitest';
import { withoutUnseen } from '../../../src/core/plainWords';
import { urlPart } from '../../../src/core/urlPart';

it('takes any text, also half a character', () => {
  expect(urlPart('a/b ü😀')).toBe('a%2Fb%20%C3%BC%F0%9F%98%80');
  expect(urlPart('...')).toBe('...');
  expect(urlPart('%2e%2e')).toBe('%252e%252e');
  expect(urlPart('\ud800x')).toBe('%EF%BF%BDx');
  expect(withoutUnseen('a\udc00b😀')).toBe('ab😀');
});
