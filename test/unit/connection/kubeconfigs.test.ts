import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../../src/adapters/kubernetes/index';
import { AppError } from '../../../src/core/base/errors';
import { silentLog } from '../../support';
import { kubeconfigs } from './kubeconfigs/corpus';
import { KubeconfigScene, type Outcome } from './kubeconfigs/scene';
import { ask } from './world';

/** What kubectl makes of each; the contract test asks it again. */
const answers = readFileSync(path.join(__dirname, 'kubeconfigs/answers.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as [name: string, outcome: Outcome]);

/** Taken here and not by kubectl: the credential is the same in both versions. */
const TAKEN = ['user: a program that answers in another version'];

let scene: KubeconfigScene;
beforeAll(async () => {
  scene = await KubeconfigScene.start();
});
afterAll(() => scene.stop());

/** What is made of a kubeconfig here; every refusal says what to do. */
async function outcomeOf(text: string): Promise<Outcome> {
  let outcome: Outcome = 'refused';
  const seen = await scene.seenWith(text, async (kubeconfigPath) => {
    try {
      const connection = await connect({ kubeconfigPath, trusted: true, log: silentLog });
      await ask(connection);
      connection.dispose();
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(AppError);
      expect((thrown as AppError).hint).not.toBeUndefined();
      if (/^The kubeconfig .* cannot be read/.test((thrown as AppError).message)) outcome = 'unreadable';
    }
  });
  return seen ?? outcome;
}

/** Names of headers have no case. */
function lower(outcome: Outcome): Outcome {
  if (typeof outcome === 'string' || !outcome.impersonation) return outcome;
  const impersonation = outcome.impersonation.map((line) => line.replace(/^[^:]*/, (name) => name.toLowerCase()));
  return { ...outcome, impersonation: impersonation.sort() };
}

it('the answers are of these kubeconfigs', () => {
  expect(answers.map(([name]) => name)).toEqual(kubeconfigs.map(([name]) => name));
});

describe('of a kubeconfig the same is made as by kubectl', () => {
  it.each(kubeconfigs.map(([name, text], i) => ({ name, text, theirs: answers[i]?.[1] as Outcome })))(
    '$name',
    async ({ name, text, theirs }) => {
      const ours = await outcomeOf(text);
      if (TAKEN.includes(name)) expect([theirs, ours]).toEqual(['refused', expect.any(Object)]);
      else if (theirs !== 'nobody') expect(lower(ours)).toEqual(lower(theirs));
      // kubectl asks at its terminal who one is.
      else expect(['refused', { below: '' }]).toContainEqual(ours);
    },
  );
});

describe('a refusal', () => {
  const refusal = async (text: string): Promise<AppError> => {
    let error: unknown;
    await scene.seenWith(text, async (kubeconfigPath) => {
      error = await connect({ kubeconfigPath, trusted: true, log: silentLog })
        .then(ask)
        .catch((thrown: unknown) => thrown);
    });
    return error as AppError;
  };
  const textOf = (name: string): string => kubeconfigs.find(([one]) => one === name)?.[1] ?? '';

  it.each([
    ['user: groups of nobody', 'The user "test" in the kubeconfig is not valid: check as-groups.'],
    ['user: a token and a password', 'check token, username.'],
    ['user: an empty program', 'check exec.command, exec.apiVersion, exec.interactiveMode.'],
    ['user: a name with a line break', 'The field as of the user "test" in the kubeconfig holds a control character.'],
    ['user: a group with NUL', 'The field as-groups of'],
    ['user: an extra field with a bell', 'The field as-user-extra of'],
    ['user: a token with a line break', 'The field token of'],
    ['cluster: a proxy without a scheme', 'The cluster "test" in the kubeconfig is not valid'],
    ['user: a token that is a number', 'cannot be read: users[0].user.token is not valid.'],
    ['beside: two users of one name', 'cannot be read: users[1].name is not valid.'],
  ])('names what is wrong: %s', async (name, words) => {
    const { code, message, hint } = await refusal(textOf(name));
    expect(code).toBe('notConfigured');
    expect(message).toContain(words);
    expect(hint).toMatch(/kubeconfig|kubectl/);
  });

  it.each(['user: a token with a line break', 'user: a token that is a number', 'user: a token and a password'])(
    'holds no secret: %s',
    async (name) => {
      const secret = '4711815';
      const written = textOf(name).replace(/token: ("?)[^"\n]*?(\\n\w)?("?)$/m, `token: $1${secret}$2$3`);
      expect(written).toContain(secret);
      expect(inspect(await refusal(written), { depth: 20 })).not.toContain(secret);
    },
  );
});
