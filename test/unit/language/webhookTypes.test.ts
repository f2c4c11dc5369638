import { expect, it } from 'vitest';
import file from '../../../src/core/chaosYaml/webhooks/types.json';
import { defaulters } from '../../../src/core/chaosYaml/webhooks/defaulters';
import { validators } from '../../../src/core/chaosYaml/webhooks/validators';

interface Type {
  validate?: string;
  default?: string;
  fields?: { webhook?: string; default?: string }[];
}
const types = Object.values(file.types as Record<string, Type>);
const tags = types.flatMap(({ fields = [] }) =>
  fields.flatMap(({ webhook = '' }) => (webhook === '' ? [] : [webhook])),
);

it('every check and default of Chaos Mesh’s API module is known here, and no other', () => {
  const checks = types.flatMap((one) => one.validate ?? []);
  // ClockIds only fill in; LUN and the like only check.
  expect([...checks, ...tags].filter((one) => !(one in validators) && !(one in defaulters))).toEqual([]);
  expect(checks.filter((one) => !(one in validators))).toEqual([]);
  expect(types.flatMap((one) => one.default ?? []).filter((one) => !(one in defaulters))).toEqual([]);
  const known = new Set([...checks, ...types.flatMap((one) => one.default ?? []), ...tags]);
  expect([...Object.keys(validators), ...Object.keys(defaulters)].filter((one) => !known.has(one))).toEqual([]);
});

it('defaults by a tag are those of correlations and jitters', () => {
  const tagged = types.flatMap(({ fields = [] }) => fields.filter((one) => one.default !== undefined));
  expect(new Set(tagged.map((one) => `${one.webhook} ${one.default}`))).toEqual(
    new Set(['FloatStr 0', 'Duration 0ms']),
  );
});
