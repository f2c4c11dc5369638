import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeManifests, type MadeManifest } from '../manifests';
import { checkErrors, demoRefusal, reasonOf, sameWords } from '../webhookAnswers';
import { Api } from './api';
import { answerTo, type Answer } from './askWebhooks';
import { realAccess } from './cluster';

const COUNT = Number(process.env['DISTDIAG_MANIFESTS'] ?? 4000);
const AT_ONCE = 16;
const RECORDED = 600;
const CORPUS = 'test/unit/language/webhookAnswers.jsonl';
let api: Api;

beforeAll(() => {
  api = new Api(realAccess());
});
afterAll(() => api?.dispose());

/**
 * A refusal without what changes from run to run: the order in which the API server lists what its schema refuses, and the
 * time in the name that the webhook gives to a JVM rule.
 */
const lasting = (refusal: string): string =>
  refusal
    .replace(/(?<= is invalid: \[)spec\..*(?=\]$)/s, (list) =>
      list
        .split(/, (?=spec\.)/)
        .sort()
        .join(', '),
    )
    .replace(/(?<="name":"[^"]*-)\d{10}(?=")/g, '0');

/** The shorter ones of the first manifests, a line each, with what the API server says to them. */
const corpusOf = (manifests: readonly MadeManifest[], answers: readonly Answer[]): string =>
  manifests
    .slice(0, RECORDED)
    .map(({ object }, i) => {
      const { refusal = '', later = '' } = answers[i] ?? {};
      return JSON.stringify({ object, refusal: lasting(refusal), ...(later === '' ? {} : { later: lasting(later) }) });
    })
    .filter((line) => line.length < 1500)
    .map((line) => `${line}\n`)
    .join('');

it('the types of the webhooks are those of the module', () => {
  expect(spawnSync(process.execPath, ['scripts/webhookTypes.mjs', '--check']).status).toBe(0);
}, 120_000);

describe(`${COUNT} manifests`, () => {
  it('are taken and refused by the check and by the embedded cluster as by the real webhooks', async () => {
    const manifests = makeManifests(COUNT, 10);
    const answers: Answer[] = [];
    let next = 0;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let i = next++; i < manifests.length; i = next++)
          answers[i] = await answerTo(api, manifests[i] as MadeManifest);
      }),
    );
    const corpus = corpusOf(manifests, answers);
    if (process.env['DISTDIAG_RECORD']) writeFileSync(CORPUS, corpus);
    expect(readFileSync(CORPUS, 'utf8'), 'the recorded answers (DISTDIAG_RECORD=yes writes them)').toBe(corpus);
    const wrong: string[] = [];
    const say = (who: string, { object, change }: MadeManifest, real: string, said: unknown): number =>
      wrong.push(`${who} ${object.kind} [${change}]\n   real: ${real || 'taken'}\n   here: ${JSON.stringify(said)}`);
    const compareDemo = (made: MadeManifest, real: string): void => {
      const demo = demoRefusal(made);
      if ((demo === '') !== (real === '')) say('demo', made, real, demo || 'taken');
      else if (real !== '' && !sameWords(real, demo)) say('words', made, real, demo);
    };
    manifests.forEach((made, i) => {
      const { refusal, later, started } = answers[i] as Answer;
      compareDemo(made, refusal);
      for (const one of started) compareDemo(one.made, one.refusal);
      const errors = checkErrors(made);
      const real = refusal || later;
      if ((errors.length === 0) !== (real === '') && reasonOf(errors, real) === undefined)
        say('check', made, real, errors);
    });
    const count = (is: (one: Answer) => boolean): number => answers.filter(is).length;
    const refused = count(({ refusal }) => refusal !== '');
    const later = count((one) => one.later !== '');
    console.log(`${COUNT - refused} taken, ${refused} refused, ${later} later, ${wrong.length} differences`);
    expect(later).toBeGreaterThan(COUNT / 200);
    expect(wrong).toEqual([]);
  }, 900_000);
});
