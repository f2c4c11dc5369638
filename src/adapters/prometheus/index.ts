export { checkPrometheus, prometheusCandidates } from './connection/check';
export { credentialsText, directEndpoint, type PrometheusAuth, type PrometheusTls } from './connection/direct';
export { resolvePrometheus, type ResolveOptions } from './connection/discovery';
export { createQueries, type QueriesOptions } from './queries';
export { createMetricSource, type MetricSourceOptions } from './source';
export type { ServiceFinder } from './series/survey';
