/** Pages of the web interfaces of Prometheus and Thanos, as people copy their addresses, and calls of the API. */
const PAGE =
  /(?:\/(?:classic|new))?\/(?:graph|query|targets|alerts|rules|config|flags|status|tsdb-status|service-discovery|alertmanager-discovery|runtimeinfo|starting|agent|stores?|blocks|loaded|federate|metrics)$|\/-\/[a-z]+$/;
/** Calls of the API itself; below `/api/v1` of Kubernetes’ API server lies the proxy to a service. */
const CALL =
  /\/api\/v1(?:\/(?:query|query_range|query_exemplars|format_query|labels|label|series|metadata|targets|rules|alerts|status|read|write)(?:\/.*)?)?$/;
/** VictoriaMetrics’ interface; of its cluster version the API is beside it. */
const VMUI = /^(.*?)(\/select\/[^/]+)?(\/prometheus)?\/vmui$/;

/**
 * The path below which the API lies, of an address that was copied from a browser: `/prometheus` of `/prometheus/graph`.
 * A name such as `/query` may also be the path that a proxy puts before the API: only a try tells.
 */
export function withoutPage(path: string): string {
  const plain = path.replace(/\/+$/, '');
  const [, before = '', tenant, prometheus = ''] = VMUI.exec(plain) ?? [undefined, '', undefined, undefined];
  if (VMUI.test(plain)) return tenant === undefined ? `${before}${prometheus}` : `${before}${tenant}/prometheus`;
  return withoutCall(plain).replace(PAGE, '').replace(/\/+$/, '');
}

/** The path below which the API lies, of the address of one of its calls. */
export const withoutCall = (path: string): string => path.replace(/\/+$/, '').replace(CALL, '').replace(/\/+$/, '');

/** True for the path of one of Grafana’s pages. */
export const isGrafanaPage = (path: string): boolean =>
  /\/(?:d|d-solo|dashboards?|explore|a|connections|datasources|alerting|login)(?:\/|$)/.test(path) &&
  !/\/api\/datasources\/proxy\//.test(path);
