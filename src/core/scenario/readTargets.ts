import { msg, type Text } from '../base/text';
import { isRecord } from '../base/unknown';
import type { Complain, DocumentPath } from './issues';
import type { TargetChoice } from './scenario';

const MOST_TARGETS = 100;
const POD_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const HOW: Text = 'A target must be a pod name, "index: 0" or "labels: {key: value}".';

/** The targets of a step: a list, or one of its items. Tells what is wrong with them, and leaves that out. */
export function readTargets(value: unknown, path: DocumentPath, complain: Complain): TargetChoice[] {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) {
    complain(path, msg`A step requires targets. ${HOW}`);
    return [];
  }
  if (!Array.isArray(value)) return readTarget(value, path, complain);
  if (value.length > MOST_TARGETS) {
    complain([...path, MOST_TARGETS], msg`A step has at most ${MOST_TARGETS} targets.`);
    return [];
  }
  return (value as unknown[]).flatMap((one, index) => readTarget(one, [...path, index], complain));
}

function readTarget(value: unknown, path: DocumentPath, complain: Complain): TargetChoice[] {
  if (typeof value === 'string') {
    if (POD_NAME.test(value) && value.length <= 253) return [{ pod: value }];
    complain(path, 'This is not a valid pod name.');
    return [];
  }
  const keys = isRecord(value) ? Object.keys(value) : [];
  if (!isRecord(value) || keys.length !== 1 || !['pod', 'index', 'labels'].includes(keys[0] as string)) {
    complain(path, HOW);
    return [];
  }
  if (keys[0] === 'pod') {
    if (typeof value['pod'] === 'string') return readTarget(value['pod'], [...path, 'pod'], complain);
    complain([...path, 'pod'], 'This is not a valid pod name.');
    return [];
  }
  if (keys[0] === 'index') {
    const { index } = value;
    if (typeof index === 'number' && Number.isInteger(index) && index >= 0) return [{ index }];
    complain([...path, 'index'], 'The index must be a whole number; the first pod is 0.');
    return [];
  }
  const entries = isRecord(value['labels']) ? Object.entries(value['labels']) : [];
  const labels = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  if (entries.length > 0 && labels.length === entries.length) return [{ labels: Object.fromEntries(labels) }];
  complain([...path, 'labels'], 'The labels must be a map of names and strings with at least one entry.');
  return [];
}
