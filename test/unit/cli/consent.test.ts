import { expect, it } from 'vitest';
import { requireConsent } from '../../../src/cli/consent';
import { errorLine } from '../../../src/cli/words';

function said(given: string | undefined, grave: readonly string[]): string {
  try {
    requireConsent(given, ['demo'], grave);
    return 'agreed';
  } catch (thrown) {
    return errorLine(thrown);
  }
}

it('a wrong name for the context is refused as such, also where none is needed', () => {
  expect(said('demo', ['Grave.'])).toBe('agreed');
  expect(said('demo', [])).toBe('agreed');
  expect(said(undefined, [])).toBe('agreed');
  const give = 'To inject anyway, give --confirm-context demo. Nothing was changed in the cluster.';
  expect(said(undefined, ['Grave.'])).toBe(`Grave. ${give}`);
  const wrong = '--confirm-context dmo is not the context; it is "demo".';
  expect(said('dmo', ['Grave.'])).toBe(`${wrong} Grave. ${give}`);
  expect(said('dmo', [])).toBe(`${wrong} Nothing was changed in the cluster.`);
});
