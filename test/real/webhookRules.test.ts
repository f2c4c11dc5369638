import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeManifests, type MadeManifest } from '../manifests';
import { checkErrors, demoRefusal, reasonOf, sameWords } from '../webhookAnswers';
import { Api, type Loose } from './api';
import { realAccess } from './cluster';
import { collection, resourceOf } from './paths';

const COUNT = Number(process.env['DISTDIAG_MANIFESTS'] ?? 4000);
const AT_ONCE = 16;
const RECORDED = 600;
const CORPUS = 'test/unit/language/webhookAnswers.jsonl';
let api: Api;

beforeAll(() => {
  api = new Api(realAccess());
});
afterAll(() => api?.dispose());

/** The API server lists what its schema refuses in an order that changes from run to run. */
const sorted = (refusal: string): string =>
  refusal.replace(/(?<= is invalid: \[)spec\..*(?=\]$)/s, (list) =>
    list
      .split(/, (?=spec\.)/)
      .sort()
      .join(', '),
  );

/** The shorter ones of the first manifests, a line each, with what the API server says to them. */
const corpusOf = (manifests: readonly MadeManifest[], answers: readonly string[]): string =>
  manifests
    .slice(0, RECORDED)
    .map(({ object }, i) => JSON.stringify({ object, refusal: sorted(answers[i] ?? '') }))
    .filter((line) => line.length < 1500)
    .map((line) => `${line}\n`)
    .join('');

/** What the API server with Chaos Mesh's webhooks says: '' where it takes the object. */
async function refusal({ object }: MadeManifest): Promise<string> {
  const at = `${collection(resourceOf(object.kind), 'oceanbase')}?dryRun=All&fieldValidation=Strict`;
  const { status, body } = await api.call('POST', at, object);
  return status < 300 ? '' : String((body as Loose).message ?? status);
}

it('the types of the webhooks are those of the module', () => {
  expect(spawnSync(process.execPath, ['scripts/webhookTypes.mjs', '--check']).status).toBe(0);
}, 120_000);

describe(`${COUNT} manifests`, () => {
  it('are taken and refused by the check and by the embedded cluster as by the real webhooks', async () => {
    const manifests = makeManifests(COUNT, 10);
    const answers: string[] = [];
    let next = 0;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let i = next++; i < manifests.length; i = next++) answers[i] = await refusal(manifests[i] as MadeManifest);
      }),
    );
    const corpus = corpusOf(manifests, answers);
    if (process.env['DISTDIAG_RECORD']) writeFileSync(CORPUS, corpus);
    expect(readFileSync(CORPUS, 'utf8'), 'the recorded answers (DISTDIAG_RECORD=yes writes them)').toBe(corpus);
    const wrong: string[] = [];
    let refused = 0;
    manifests.forEach((made, i) => {
      const real = answers[i] as string;
      if (real !== '') refused += 1;
      const say = (who: string, said: unknown): number =>
        wrong.push(
          `${who} ${made.object.kind} [${made.change}]\n   real: ${real || 'taken'}\n   here: ${JSON.stringify(said)}`,
        );
      const demo = demoRefusal(made);
      if ((demo === '') !== (real === '')) say('demo', demo || 'taken');
      else if (real !== '' && !sameWords(real, demo)) say('words', demo);
      const errors = checkErrors(made);
      if ((errors.length === 0) !== (real === '') && reasonOf(errors, real) === undefined) say('check', errors);
    });
    console.log(`${COUNT - refused} taken, ${refused} refused, ${wrong.length} differences`);
    expect(wrong).toEqual([]);
  }, 600_000);
});
