export {
  directEndpoint,
  resolvePrometheus,
  type PrometheusAuth,
  type ResolveOptions,
  type ServiceFinder,
} from './discovery';
export { createMetricSource, type MetricSourceOptions } from './source';
