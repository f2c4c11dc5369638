/** Key of Prometheus's bearer token in secret storage. */
export const PROMETHEUS_TOKEN_KEY = 'distdiag.prometheus.token';
