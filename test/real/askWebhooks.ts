import type { MadeManifest } from '../manifests';
import { startedBy } from '../webhookAnswers';
import type { Api, Loose } from './api';
import { collection, resourceOf } from './paths';

/** What the API server with Chaos Mesh's webhooks says: '' where it takes the object. */
export interface Answer {
  refusal: string;
  /** What it says of what the object starts when the time comes: '' where that is taken. */
  later: string;
  started: { made: MadeManifest; refusal: string }[];
}

async function ask(
  api: Api,
  object: MadeManifest['object'],
  fieldValidation: string,
): Promise<{ refusal: string; spec: Loose }> {
  const at = `${collection(resourceOf(object.kind), 'oceanbase')}?dryRun=All&fieldValidation=${fieldValidation}`;
  const { status, body } = await api.call('POST', at, object);
  const { message, spec } = body as Loose;
  return { refusal: status < 300 ? '' : String(message ?? status), spec };
}

/** Asks it about an object and all that this starts later, with nothing created. */
export async function answerTo(api: Api, { object, change }: MadeManifest): Promise<Answer> {
  const { refusal, spec } = await ask(api, object, 'Strict');
  const answer: Answer = { refusal, later: '', started: [] };
  if (refusal !== '') return answer;
  for (const queue = [{ kind: object.kind, spec }]; queue.length > 0;) {
    for (const one of startedBy(queue.shift() as (typeof queue)[number])) {
      let said = 'failure' in one ? one.failure : '';
      if (!('failure' in one)) {
        const made = { change: `started, ${change}`, object: { ...object, kind: one.kind, spec: { ...one.spec } } };
        const { refusal, spec } = await ask(api, made.object, 'Ignore');
        answer.started.push({ made, refusal });
        if (refusal === '') queue.push({ kind: one.kind, spec });
        said = refusal;
      }
      if (answer.later === '') answer.later = said;
    }
  }
  return answer;
}
