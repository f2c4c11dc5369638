import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkErrors, demoRefusal, reasonOf, sameWords } from '../../webhookAnswers';
import type { MadeManifest } from '../../manifests';

/** Manifests with what a real API server with Chaos Mesh's own CRDs and webhooks said: test/real/webhookRules.test.ts writes it. */
const ANSWERS = readFileSync(path.join(__dirname, 'webhookAnswers.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { object: MadeManifest['object']; refusal: string });

describe(`${ANSWERS.length} manifests that the real webhooks were asked about`, () => {
  it('are taken by the embedded cluster where they are taken, and refused in the same words', () => {
    const wrong = ANSWERS.map(({ object, refusal }) => ({
      object,
      refusal,
      said: demoRefusal({ object, change: '' }),
    }));
    expect(
      wrong.filter(({ refusal, said }) => (said === '') !== (refusal === '') || !sameWords(refusal, said)),
    ).toEqual([]);
  });

  it('have an error in YAML where they are refused, and where they fail later', () => {
    const wrong = ANSWERS.map(({ object, refusal }) => ({
      object,
      refusal,
      errors: checkErrors({ object, change: '' }),
    }));
    expect(
      wrong.filter(
        ({ refusal, errors }) => errors.length > 0 !== (refusal !== '') && reasonOf(errors, refusal) === undefined,
      ),
    ).toEqual([]);
  });

  it('are both', () => {
    const refused = ANSWERS.filter(({ refusal }) => refusal !== '').length;
    expect(refused).toBeGreaterThan(150);
    expect(ANSWERS.length - refused).toBeGreaterThan(150);
  });
});
