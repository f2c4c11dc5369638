export { checkPrometheus, prometheusCandidates } from './check';
export { credentialsText, directEndpoint, type PrometheusAuth, type PrometheusTls } from './direct';
export { resolvePrometheus, type ResolveOptions } from './discovery';
export { createQueries, type QueriesOptions } from './queries';
export { createMetricSource, type MetricSourceOptions } from './source';
export type { ServiceFinder } from './survey';
