import { msg, type Text } from '../base/text';
import type { AbortTimes } from './testResult';

/** How soon a guard has ended the faults. */
export const abortText = ({ name, brokenAt, endedAt }: AbortTimes): Text =>
  msg`The faults were ended ${((endedAt - brokenAt) / 1000).toFixed(1)} s after the sample that broke "${name}".`;
