import type { MetricId } from '../metrics/catalogue';

/** When an expectation holds: in the steady state before the faults, while they are injected, after them, or all the time. */
export type During = 'before' | 'fault' | 'recovery' | 'always';

/** Whose samples: of all database pods, of the targets of the faults, or of all others. */
export type Scope = 'database' | 'targets' | 'others';

/** How the samples of several nodes become one. */
export type Aggregation = 'sum' | 'mean' | 'min' | 'max';

/** Where samples come from: a canonical metric, or a query that gives one series. */
export type SampleSource = { metric: MetricId; of: Scope; aggregate: Aggregation } | { query: string };

/** The limits of a value; shares refer to its baseline, 0.2 = 20%. */
export interface Bound {
  min?: number;
  max?: number;
  /** At most so far from the baseline, up or down. */
  within?: number;
  /** At least this share of the baseline. */
  atLeast?: number;
  /** At most this share of the baseline. */
  atMost?: number;
}

interface Named {
  name: string;
}

/** Samples stay within a bound. */
export interface MetricExpectation extends Named {
  kind: 'metric';
  source: SampleSource;
  bound: Bound;
  during: During;
  /** A breach that is shorter than this is tolerated, milliseconds. */
  forMs: number;
  /** Ends everything when it is broken during the fault. */
  abort: boolean;
}

/** After the last fault has ended, samples are back near their baseline. */
export interface RecoveryExpectation extends Named {
  kind: 'recovery';
  source: SampleSource;
  /** How near, as a share of the baseline. */
  to: number;
  withinMs: number;
}

/** The diagnosis names every injected fault on its node. */
export interface DiagnosisExpectation extends Named {
  kind: 'diagnosis';
  withinMs: number;
  /** It names nothing else. */
  noOther: boolean;
}

/** What is counted of the database's pods. */
export type PodCount = 'restarts' | 'notReady' | 'oomKills';

/** A maximum: restarts or out-of-memory kills since the start, or pods that are not ready at the same time. */
export interface PodExpectation extends Named {
  kind: 'pods';
  count: PodCount;
  max: number;
  abort: boolean;
}

/** A maximum of events of the database's pods since the start. */
export interface EventExpectation extends Named {
  kind: 'events';
  type: EventType;
  /** Only those with one of these reasons; empty = all. */
  reasons: readonly string[];
  max: number;
  abort: boolean;
}

/** Kubernetes's own two types of events, or both. */
export type EventType = 'Warning' | 'Normal' | 'any';

/** One hypothesis about how the database bears the faults of a scenario. */
export type Expectation =
  MetricExpectation | RecoveryExpectation | DiagnosisExpectation | PodExpectation | EventExpectation;

/** True where a breach ends everything. */
export const mayAbort = (one: Expectation): boolean => 'abort' in one && one.abort;
