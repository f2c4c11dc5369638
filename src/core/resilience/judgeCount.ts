import { msg, type Text } from '../base/text';
import type { EventExpectation, PodCount, PodExpectation } from '../scenario/expectation';
import type { CountLook } from './countLooks';
import type { Outcome } from './outcome';

const COUNTED: Readonly<Record<PodCount, Text>> = {
  restarts: 'Restarts',
  notReady: 'Pods not ready',
  oomKills: 'OOM kills',
};

/** Judges what was counted of pods or events at each look. */
export function judgeCount(
  one: PodExpectation | EventExpectation,
  looks: readonly CountLook[],
  ended: boolean,
): Outcome {
  const { name, max } = one;
  const what = one.kind === 'pods' ? COUNTED[one.count] : eventsText(one);
  const expected = msg`${what}: at most ${max}`;
  const known = looks.filter((look): look is CountLook & { counted: number } => look.counted !== undefined);
  const worst = known.reduce<(CountLook & { counted: number }) | undefined>(
    (most, look) => (most === undefined || look.counted > most.counted ? look : most),
    undefined,
  );
  if (!worst && !ended) return { name, state: 'pending', expected, seen: '' };
  const blind: Text = one.kind === 'pods' ? 'The pods could not be listed.' : 'The events could not be listed.';
  if (!worst) return { name, state: 'inconclusive', expected, seen: blind };
  const facts = { seen: msg`${what}: ${worst.counted}`, worst: worst.counted, worstAt: worst.at };
  const broken = known.find(({ counted }) => counted > max);
  if (broken) return { name, state: 'failed', expected, ...facts, brokenAt: broken.at };
  if (!ended) return { name, state: 'pending', expected, ...facts };
  if (looks.at(-1)?.counted === undefined) return { name, state: 'inconclusive', expected, ...facts, seen: blind };
  return { name, state: 'passed', expected, ...facts };
}

/** Whether too many pods are not ready already before anything is injected; everything else counts from then on. */
export function judgeCountBefore(one: PodExpectation, counted: number): Outcome {
  return judgeCount(one, [{ at: 0, counted: one.count === 'notReady' ? counted : 0 }], true);
}

function eventsText({ type, reasons }: EventExpectation): Text {
  const which = reasons.join(', ');
  switch (type) {
    case 'Warning':
      return which === '' ? 'Warning events' : msg`Warning events (${which})`;
    case 'Normal':
      return which === '' ? 'Normal events' : msg`Normal events (${which})`;
    case 'any':
      return which === '' ? 'Events' : msg`Events (${which})`;
  }
}
