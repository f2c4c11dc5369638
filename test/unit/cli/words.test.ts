import { expect, it } from 'vitest';
import { inOptions } from '../../../src/cli/words';

it.each([
  ['It is protected by the setting distdiag.protectedContexts.', 'It is protected by --protect-context.'],
  [
    'It is protected by the setting distdiag.protectedNamespaces.',
    'It is protected (kube-system, kube-public, chaos-mesh and --protect-namespace).',
  ],
])('names the option in place of the setting: %s', (said, expected) => {
  expect(inOptions(said)).toBe(expected);
});
