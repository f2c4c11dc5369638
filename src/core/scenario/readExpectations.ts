import { joined, msg, type Text } from '../base/text';
import { parseDuration } from '../time/duration';
import { isRecord } from '../base/unknown';
import { nearestWord } from '../chaosYaml/findings';
import { ANOMALY_TYPES, isAnomalyType, type FaultType } from '../faults/types';
import { metricDefinition, METRICS, type MetricUnit } from '../metrics/catalogue';
import type { Complain, DocumentPath } from './issues';
import {
  DURING,
  SCOPES,
  SERIES_AGGREGATIONS,
  POD_COUNTS,
  EVENT_TYPES,
  SUBJECTS,
  MOST_REASONS,
  SOURCE_KEYS,
  BOUND_KEYS,
  OTHER_KEYS,
  ALL_KEYS,
} from './expectationKeys';
import { unbalanced } from './queryText';
import { inUnit, unitNote } from './boundUnit';
import { unknownField, unknownMetric } from './unknownField';
import type { Aggregation, Bound, EventExpectation, Expectation, SampleSource } from './expectation';

/** Most expectations of a scenario. */
export const MOST_EXPECTATIONS = 50;
/** How long after the faults a recovery is waited for at most, milliseconds. */
const LONGEST_RECOVERY_MS = 3_600_000;
/** The default of `recovers.within` and `diagnosis.within`. */
const USUAL_WITHIN_MS = 120_000;

/**
 * Reads the `expect` list of a scenario file: unknown input. Tells everything that is wrong with it at once. `faults` are
 * the types of the steps.
 */
export function readExpectations(value: unknown, faults: readonly FaultType[], complain: Complain): Expectation[] {
  if (value === undefined) return [];
  if (value === null || (Array.isArray(value) && value.length === 0)) {
    complain(['expect'], '"expect" is empty. Add an expectation, or remove the field.', true);
    return [];
  }
  if (!Array.isArray(value) || value.length > MOST_EXPECTATIONS) {
    complain(['expect'], msg`"expect" must be a list of at most ${MOST_EXPECTATIONS} expectations.`);
    return [];
  }
  const names = new Set<string>();
  return (value as unknown[]).flatMap((one, index) => {
    const reader = new Reader(one, ['expect', index], complain);
    const read = reader.expectation(`expectation-${index + 1}`);
    if (!read) return [];
    if (names.has(read.name)) complain(['expect', index], msg`Another expectation has the name "${read.name}".`);
    names.add(read.name);
    const unnamed = read.kind === 'diagnosis' ? faults.find((type) => !isAnomalyType(type)) : undefined;
    if (unnamed !== undefined)
      complain(
        ['expect', index, 'diagnosis'],
        msg`The diagnosis cannot name ${unnamed}, only ${ANOMALY_TYPES.join(', ')}.`,
      );
    return [read];
  });
}

/** One record of the file, and what is wrong with it. */
class Reader {
  readonly #path: DocumentPath;
  readonly #complain: Complain;
  readonly #record: Readonly<Record<string, unknown>> | undefined;

  constructor(value: unknown, path: DocumentPath, complain: Complain) {
    this.#path = path;
    this.#complain = complain;
    this.#record = isRecord(value) ? value : undefined;
    if (!this.#record) this.#wrong([], 'An expectation must be a map of fields.');
  }

  expectation(usualName: string): Expectation | undefined {
    const record = this.#record;
    if (!record) return undefined;
    const name = this.#text('name', usualName);
    const subjects = SUBJECTS.filter((key) => Object.hasOwn(record, key));
    if (subjects.length !== 1) {
      this.#noSubject(subjects);
      return undefined;
    }
    if (Object.hasOwn(record, 'recovers')) {
      this.#onlyKeys(['name', 'recovers']);
      return this.#nested('recovers').#recovery(name);
    }
    if (Object.hasOwn(record, 'diagnosis')) {
      this.#onlyKeys(['name', 'diagnosis']);
      return this.#nested('diagnosis').#diagnosis(name);
    }
    if (Object.hasOwn(record, 'events')) {
      this.#onlyKeys(['name', 'events', 'abort']);
      return this.#nested('events').#events(name, this.#flag('abort'));
    }
    const count = POD_COUNTS.find((one) => Object.hasOwn(record, one));
    if (count !== undefined) {
      this.#onlyKeys(['name', count, 'abort']);
      const nested = this.#nested(count);
      nested.#onlyKeys(['max']);
      return { kind: 'pods', name, count, max: nested.#count('max'), abort: this.#flag('abort') };
    }
    return this.#metric(name);
  }

  /** Names the misspelt fields first: one of them may be the subject. */
  #noSubject(subjects: readonly string[]): void {
    const record = this.#record ?? {};
    const misspelt = Object.keys(record).filter((key) => !ALL_KEYS.includes(key));
    for (const key of misspelt) {
      const { message, meant } = unknownField(key, record, subjects.length > 0 ? OTHER_KEYS : ALL_KEYS);
      this.#wrong([key], message, true, meant);
    }
    if (!misspelt.some((key) => nearestWord(key, SUBJECTS)) || subjects.length > 0)
      this.#wrong([], msg`An expectation requires exactly one of ${SUBJECTS.join(', ')}.`);
  }

  #events(name: string, abort: boolean): EventExpectation {
    this.#onlyKeys(['type', 'reason', 'max']);
    const type = this.#oneOf('type', EVENT_TYPES, 'Warning');
    return { kind: 'events', name, type, reasons: this.#reasons(), max: this.#count('max'), abort };
  }

  /** One reason or a list of them. */
  #reasons(): string[] {
    const value = this.#record?.['reason'] ?? [];
    const reasons: unknown[] = Array.isArray(value) ? value : [value];
    // As Kubernetes itself writes them: one word in camel case.
    const isReason = (one: unknown): one is string => typeof one === 'string' && /^[A-Za-z][\w.-]{0,127}$/.test(one);
    if (reasons.every(isReason) && reasons.length <= MOST_REASONS) return reasons;
    this.#wrong(
      ['reason'],
      msg`"reason" must be the reason of an event, such as BackOff, or a list of at most ${MOST_REASONS}.`,
    );
    return [];
  }

  #metric(name: string): Expectation | undefined {
    this.#onlyKeys(['name', ...SOURCE_KEYS, ...BOUND_KEYS, 'during', 'for', 'abort']);
    const source = this.#source();
    const bound = this.#bound(source && 'metric' in source ? metricDefinition(source.metric)?.unit : undefined);
    const during = this.#oneOf('during', DURING, 'fault');
    const abort = this.#flag('abort');
    if (abort && during !== 'fault' && during !== 'always')
      this.#wrong(['abort'], '"abort" applies to expectations during the fault.');
    if (!source || !bound) return undefined;
    return { kind: 'metric', name, source, bound, during, forMs: this.#time('for', 0), abort };
  }

  #recovery(name: string): Expectation | undefined {
    this.#onlyKeys([...SOURCE_KEYS, 'to', 'within']);
    const source = this.#source();
    const to = this.#share('to') ?? 0.1;
    return source && { kind: 'recovery', name, source, to, withinMs: this.#time('within', USUAL_WITHIN_MS) };
  }

  #diagnosis(name: string): Expectation {
    this.#onlyKeys(['names', 'within', 'no-other']);
    this.#oneOf('names', ['injected'], 'injected');
    return {
      kind: 'diagnosis',
      name,
      withinMs: this.#time('within', USUAL_WITHIN_MS),
      noOther: this.#flag('no-other'),
    };
  }

  #source(): SampleSource | undefined {
    const record = this.#record ?? {};
    if (Object.hasOwn(record, 'query')) {
      for (const key of ['of', 'aggregate'])
        if (Object.hasOwn(record, key))
          this.#wrong([key], msg`"${key}" applies to a metric. A query says it itself.`, true);
      const query = this.#text('query', '');
      const mistake: Text | undefined = query === '' ? 'A PromQL query is missing.' : unbalanced(query);
      if (mistake !== undefined) this.#wrong(['query'], mistake);
      return query === '' ? undefined : { query };
    }
    const metric = record['metric'];
    if (typeof metric !== 'string') {
      this.#notText('metric');
      return undefined;
    }
    // No query gives those that only recordings have.
    const definition = METRICS.find(({ id }) => id === metric);
    if (!definition) {
      const { message, meant } = unknownMetric(metric);
      const known: Text = meant === undefined ? '' : msg`Did you mean ${meant}?`;
      this.#wrong(['metric'], joined([message, known]), false, meant);
      return undefined;
    }
    const usual: Aggregation = ['perSecond', 'bytesPerSecond', 'count'].includes(definition.unit) ? 'sum' : 'mean';
    return {
      metric: definition.id,
      of: this.#oneOf('of', SCOPES, 'database'),
      aggregate: this.#oneOf('aggregate', SERIES_AGGREGATIONS, usual),
    };
  }

  #bound(unit: MetricUnit | undefined): Bound | undefined {
    const record = this.#record ?? {};
    const read = {
      min: this.#number('min', unit),
      max: this.#number('max', unit),
      within: this.#share('within'),
      atLeast: this.#share('at-least'),
      atMost: this.#share('at-most'),
    };
    if (!BOUND_KEYS.some((key) => Object.hasOwn(record, key))) {
      // A misspelt one was told of already.
      const isBound = (key: string): boolean => BOUND_KEYS.includes(nearestWord(key, OTHER_KEYS) ?? '');
      if (!Object.keys(record).some((key) => !ALL_KEYS.includes(key) && isBound(key)))
        this.#wrong([], msg`An expectation of a metric requires a bound: ${BOUND_KEYS.join(', ')}.`);
      return undefined;
    }
    if (read.min !== undefined && read.max !== undefined && read.min > read.max)
      this.#wrong(['max'], '"max" must not be below "min".');
    if (read.atLeast !== undefined && read.atMost !== undefined && read.atLeast > read.atMost)
      this.#wrong(['at-most'], '"at-most" must not be below "at-least".');
    return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
  }

  #nested(key: string): Reader {
    return new Reader(this.#record?.[key], [...this.#path, key], this.#complain);
  }

  #text(key: string, usual: string): string {
    const value = this.#record?.[key];
    if (value === undefined || value === null) return usual;
    if (typeof value === 'string' && value.trim() !== '' && value.length <= 1000) return value.trim();
    this.#notText(key);
    return usual;
  }

  #notText(key: string): void {
    this.#wrong([key], msg`"${key}" must be text. Put the value in quotes.`);
  }

  #number(key: string, unit?: MetricUnit): number | undefined {
    const value = this.#record?.[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    const number = msg`"${key}" must be a number.`;
    if (unit === undefined) this.#wrong([key], number);
    else this.#wrong([key], joined([number, unitNote(unit)]), false, inUnit(value, unit));
    return undefined;
  }

  /** A whole number from 0 on; 0 where there is none. */
  #count(key: string): number {
    const value = this.#number(key) ?? 0;
    if (Number.isInteger(value) && value >= 0) return value;
    const meant = String(Math.max(0, Math.floor(value)));
    this.#wrong([key], msg`"${key}" must be a whole number from 0 on.`, false, meant);
    return 0;
  }

  /** `20%` as 0.2. */
  #share(key: string): number | undefined {
    const value = this.#record?.[key];
    if (value === undefined || value === null) return undefined;
    const percent = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(value.trim())?.[1] : undefined;
    if (percent !== undefined) return Number(percent) / 100;
    const meant = typeof value === 'number' && value >= 0 ? `${value}%` : undefined;
    this.#wrong([key], msg`"${key}" must be a percentage of the baseline, such as 20%.`, false, meant);
    return undefined;
  }

  #time(key: string, usual: number): number {
    const value = this.#record?.[key];
    if (value === undefined || value === null) return usual;
    const ms = typeof value === 'string' ? parseDuration(value) : undefined;
    if (ms !== undefined && ms >= 0 && ms <= LONGEST_RECOVERY_MS) return ms;
    const meant = typeof value === 'number' && value >= 0 && value <= 3600 ? `${value}s` : undefined;
    this.#wrong([key], msg`"${key}" must be a duration of at most 1h, such as 30s.`, false, meant);
    return usual;
  }

  #flag(key: string): boolean {
    const value = this.#record?.[key] ?? false;
    if (typeof value !== 'boolean') this.#wrong([key], msg`"${key}" must be true or false.`);
    return value === true;
  }

  #oneOf<T extends string>(key: string, known: readonly T[], usual: T): T {
    const value = this.#record?.[key] ?? usual;
    const found = known.find((one) => one === value);
    if (found !== undefined) return found;
    const meant = typeof value === 'string' ? nearestWord(value, known) : undefined;
    const said = meant === undefined ? '' : msg`Did you mean ${meant}?`;
    this.#wrong([key], joined([msg`"${key}" must be one of ${known.join(', ')}.`, said]), false, meant);
    return usual;
  }

  #onlyKeys(keys: readonly string[]): void {
    const record = this.#record ?? {};
    for (const key of Object.keys(record)) {
      if (keys.includes(key)) continue;
      const { message, meant } = unknownField(key, record, keys);
      this.#wrong([key], message, true, meant);
    }
  }

  #wrong(rest: DocumentPath, message: Text, onName = false, meant?: string): void {
    this.#complain([...this.#path, ...rest], message, onName, meant);
  }
}
