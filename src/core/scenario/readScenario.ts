import { msg } from '../base/text';
import { faultDefinition, defaultParameters, FAULT_TYPES, isFaultType, type FaultType } from '../faults/catalogue';
import { nearestWord } from '../chaosYaml/findings';
import { formatDuration, parseDuration, UNTIL_STOPPED_MS } from '../time/duration';
import { checkParameter } from '../faults/parameters';
import { isRecord } from '../base/unknown';
import type { Complain, DocumentPath, ScenarioIssue } from './issues';
import { readExpectations } from './readExpectations';
import { readTargets } from './readTargets';
import { cutName, meantField, unknownField } from './unknownField';
import {
  LATEST_OFFSET_MS,
  LONGEST_NAME,
  MOST_STEPS,
  SCENARIO_API_VERSION,
  SCENARIO_KIND,
  type Scenario,
  type ScenarioStep,
} from './scenario';

/** A scenario as it was read; undefined when there are issues. */
export interface ScenarioReading {
  scenario: Scenario | undefined;
  issues: readonly ScenarioIssue[];
}

/** Reads the content of a scenario file: unknown input. Never throws; tells everything that is wrong with it at once. */
export function readScenario(content: unknown): ScenarioReading {
  const issues: ScenarioIssue[] = [];
  const complain: Complain = (path, message, onName = false, meant) =>
    void issues.push({ path, message, ...(onName ? { onName } : {}), ...(meant === undefined ? {} : { meant }) });
  if (!isRecord(content)) {
    complain([], msg`A scenario must start with "apiVersion: ${SCENARIO_API_VERSION}" and "kind: ${SCENARIO_KIND}".`);
    return { scenario: undefined, issues };
  }
  known(content, ['apiVersion', 'kind', 'name', 'description', 'onFailure', 'steps', 'expect'], [], complain);
  for (const [key, wanted] of [
    ['apiVersion', SCENARIO_API_VERSION],
    ['kind', SCENARIO_KIND],
  ] as const)
    if (content[key] !== wanted) complain(Object.hasOwn(content, key) ? [key] : [], msg`${key} must be "${wanted}".`);
  const name = readName(content['name'], content, ['name'], complain);
  const description = content['description'];
  if (description !== undefined && description !== null && typeof description !== 'string')
    complain(['description'], 'The description must be a string.');
  const onFailure = content['onFailure'] ?? 'stop';
  if (onFailure !== 'stop' && onFailure !== 'continue')
    complain(['onFailure'], 'onFailure must be "stop" or "continue".');
  const steps = readSteps(content['steps'], Object.hasOwn(content, 'steps'), complain);
  const faults = steps.map(({ anomaly }) => anomaly);
  const expect = readExpectations(content['expect'], faults, complain);
  const scenario: Scenario = {
    name,
    description: typeof description === 'string' ? description : undefined,
    onFailure: onFailure === 'continue' ? 'continue' : 'stop',
    steps,
    ...(expect.length > 0 ? { expect } : {}),
  };
  return { scenario: issues.length === 0 ? scenario : undefined, issues };
}

function readSteps(value: unknown, there: boolean, complain: Complain): ScenarioStep[] {
  if (!Array.isArray(value) || value.length === 0) {
    complain(there ? ['steps'] : [], 'A scenario requires steps: a list of at least one anomaly.');
    return [];
  }
  if (value.length > MOST_STEPS) {
    complain(['steps', MOST_STEPS], msg`A scenario has at most ${MOST_STEPS} steps; this one has ${value.length}.`);
    return [];
  }
  const names = new Map<string, number>();
  return (value as unknown[]).flatMap((step, index) => {
    const read = readStep(step, index, complain);
    if (!read) return [];
    const first = names.get(read.name);
    if (first !== undefined)
      complain(['steps', index, 'name'], msg`Step ${first + 1} has the name "${read.name}" already.`);
    names.set(read.name, first ?? index);
    return [read];
  });
}

function readStep(step: unknown, index: number, complain: Complain): ScenarioStep | undefined {
  const at = (...rest: DocumentPath): DocumentPath => ['steps', index, ...rest];
  if (!isRecord(step)) {
    complain(at(), 'A step requires an anomaly and targets.');
    return undefined;
  }
  known(step, ['name', 'anomaly', 'targets', 'peers', 'parameters', 'offset', 'duration'], at(), complain);
  const { anomaly } = step;
  if (!isFaultType(anomaly)) {
    const where = Object.hasOwn(step, 'anomaly') ? at('anomaly') : at();
    const meant = typeof anomaly === 'string' ? nearestWord(anomaly, FAULT_TYPES) : undefined;
    complain(
      where,
      meant === undefined
        ? msg`anomaly must be one of ${FAULT_TYPES.join(', ')}.`
        : msg`Unknown anomaly "${cutName(String(anomaly))}". Did you mean ${meant}?`,
      false,
      meant,
    );
  }
  const name = step['name'] === undefined ? `step-${index + 1}` : readName(step['name'], step, at('name'), complain);
  const targets = readTargets(step['targets'], Object.hasOwn(step, 'targets') ? at('targets') : at(), complain);
  const offsetMs = readTime(step['offset'], 0, 0, LATEST_OFFSET_MS, at('offset'), 'The offset', complain) ?? 0;
  const durationMs = readTime(
    step['duration'],
    undefined,
    1000,
    UNTIL_STOPPED_MS,
    at('duration'),
    'The duration',
    complain,
  );
  if (!isFaultType(anomaly)) return undefined;
  const { oneShot } = faultDefinition(anomaly);
  if (oneShot && step['duration'] !== undefined && step['duration'] !== null)
    complain(at('duration'), msg`${anomaly} happens once: it has no duration.`, true);
  const peers = readPeers(anomaly, step['peers'], at('peers'), complain);
  const parameters = readParameters(anomaly, step['parameters'], at('parameters'), complain);
  return {
    name,
    anomaly,
    targets,
    ...(peers ? { peers } : {}),
    parameters,
    offsetMs,
    durationMs: oneShot ? undefined : durationMs,
  };
}

/** The other group of a partition, where the file names it. */
function readPeers(
  type: FaultType,
  value: unknown,
  path: DocumentPath,
  complain: Complain,
): ScenarioStep['peers'] | undefined {
  if (value === undefined || value === null) return undefined;
  if (faultDefinition(type).needsPeers) return readTargets(value, path, complain);
  complain(path, msg`${type} takes no second group of pods: "peers" applies to network_partition only.`, true);
  return undefined;
}

function readParameters(
  type: FaultType,
  value: unknown,
  path: DocumentPath,
  complain: Complain,
): Record<string, string | number> {
  const result: Record<string, string | number> = { ...defaultParameters(type) };
  if (value === undefined || value === null) return result;
  if (!isRecord(value)) {
    complain(path, 'The parameters must be a map of names and values.');
    return result;
  }
  const { parameters } = faultDefinition(type);
  for (const [key, given] of Object.entries(value)) {
    const parameter = parameters.find(({ id }) => id === key);
    if (!parameter) {
      const ids = parameters.map(({ id }) => id);
      const message = msg`${type} has no parameter "${cutName(key)}"; it has ${ids.join(', ') || 'none'}.`;
      complain([...path, key], message, true, meantField(key, value, ids));
      continue;
    }
    const simple = typeof given === 'string' || typeof given === 'number' ? given : undefined;
    const reason = checkParameter(parameter, simple);
    if (reason !== undefined) complain([...path, key], reason);
    else if (simple !== undefined) result[key] = parameter.kind === 'integer' ? Number(simple) : simple;
  }
  return result;
}

function readTime(
  value: unknown,
  otherwise: number | undefined,
  least: number,
  most: number,
  path: DocumentPath,
  what: string,
  complain: Complain,
): number | undefined {
  if (value === undefined || value === null) return otherwise;
  const ms = typeof value === 'string' ? parseDuration(value) : value === 0 ? 0 : undefined;
  if (ms === undefined) complain(path, msg`${what} must be a time such as 90s, 5m or 1h30m.`);
  else if (ms < least || ms > most)
    complain(path, msg`${what} must be between ${formatDuration(least)} and ${formatDuration(most)}.`);
  else return ms;
  return otherwise;
}

function readName(
  value: unknown,
  owner: Readonly<Record<string, unknown>>,
  path: DocumentPath,
  complain: Complain,
): string {
  const where = Object.hasOwn(owner, 'name') ? path : path.slice(0, -1);
  const name = typeof value === 'string' ? value.trim() : '';
  if (value !== undefined && value !== null && typeof value !== 'string')
    complain(where, '"name" must be text. Put the value in quotes.');
  else if (name === '') complain(where, 'A name is missing.');
  else if (name.length > LONGEST_NAME) complain(where, msg`Names are limited to ${LONGEST_NAME} characters.`);
  // eslint-disable-next-line no-control-regex -- what would break a line or a terminal
  else if (/[\u0000-\u001f\u007f]/.test(name)) complain(where, 'A name must be a single line.');
  return name;
}

function known(
  value: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  path: DocumentPath,
  complain: Complain,
): void {
  for (const key of Object.keys(value)) {
    if (keys.includes(key)) continue;
    const { message, meant } = unknownField(key, value, keys);
    complain([...path, key], message, true, meant);
  }
}
