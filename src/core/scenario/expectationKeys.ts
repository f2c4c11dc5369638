import type { Aggregation, During, EventType, PodCount, Scope } from './expectation';

export const DURING: readonly During[] = ['before', 'fault', 'recovery', 'always'];
export const SCOPES: readonly Scope[] = ['database', 'targets', 'others'];
export const SERIES_AGGREGATIONS: readonly Aggregation[] = ['sum', 'mean', 'min', 'max'];
export const POD_COUNTS: readonly PodCount[] = ['restarts', 'notReady', 'oomKills'];
export const EVENT_TYPES: readonly EventType[] = ['Warning', 'Normal', 'any'];
/** What an expectation is about: it has exactly one of them. */
export const SUBJECTS = ['metric', 'query', 'recovers', 'diagnosis', ...POD_COUNTS, 'events'];
export const MOST_REASONS = 20;
export const SOURCE_KEYS = ['metric', 'query', 'of', 'aggregate'];
export const BOUND_KEYS = ['min', 'max', 'within', 'at-least', 'at-most'];
export const OTHER_KEYS = ['name', 'of', 'aggregate', ...BOUND_KEYS, 'during', 'for', 'abort'];
export const ALL_KEYS = [...SUBJECTS, ...OTHER_KEYS];
