import { expect, it } from 'vitest';
import { withoutUnseen } from '../../../src/core/base/sanitize';
import { urlPart, urlText } from '../../../src/core/base/urlPart';

it('takes any text, also half a character', () => {
  expect(urlText('a/b ü😀')).toBe('a%2Fb%20%C3%BC%F0%9F%98%80');
  expect(urlPart('a:b ü😀')).toBe('a%3Ab%20%C3%BC%F0%9F%98%80');
  expect(urlPart('...')).toBe('...');
  expect(urlPart('\ud800x')).toBe('%EF%BF%BDx');
  expect(withoutUnseen('a\udc00b😀')).toBe('ab😀');
});
