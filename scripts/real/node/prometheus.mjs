import { startPrometheus } from '../../host/prometheus.mjs';

const drop = (sourceLabels, regex) => ({ source_labels: sourceLabels, regex, action: 'drop' });

/** What kube-prometheus-stack leaves out of the kubelet's `/metrics/cadvisor`. */
const LEFT_OUT = [
  drop(['__name__'], 'container_cpu_(load_average_10s|system_seconds_total|user_seconds_total)'),
  drop(
    ['__name__'],
    'container_fs_(io_current|reads_merged_total|sector_reads_total|sector_writes_total|writes_merged_total)',
  ),
  drop(['__name__'], 'container_memory_(mapped_file|swap)'),
  drop(['__name__'], 'container_(file_descriptors|tasks_state|threads_max)'),
  drop(['__name__', 'scope'], 'container_memory_failures_total;hierarchy'),
  drop(['__name__', 'interface'], 'container_network_.*;(cali|cilium|cni|lxc|nodelocaldns|tunl).*'),
  drop(['__name__'], 'container_spec.*'),
  drop(['id', 'pod'], '.+;'),
];

/**
 * A real Prometheus that scrapes the kubelet as kube-prometheus-stack's does, and the exporters
 * beside the database, by their pods.
 */
export function startNodePrometheus({ folder, kubelet, exporters }) {
  return startPrometheus({
    directory: folder,
    jobs: {},
    scrapeSeconds: 5,
    scrapes: [
      {
        job_name: 'kubelet',
        scheme: 'https',
        metrics_path: '/metrics/cadvisor',
        tls_config: { insecure_skip_verify: true },
        honor_labels: true,
        static_configs: [{ targets: [kubelet.address], labels: { node: kubelet.node } }],
        relabel_configs: [{ source_labels: ['__metrics_path__'], target_label: 'metrics_path' }],
        metric_relabel_configs: LEFT_OUT,
      },
      {
        job_name: 'obagent',
        metrics_path: '/metrics/engine',
        honor_labels: true,
        // Debian's Prometheus looks for nothing in a cluster.
        static_configs: Object.entries(exporters).map(([pod, address]) => ({
          targets: [`${address}:8088`],
          labels: { namespace: 'oceanbase', pod },
        })),
      },
    ],
  });
}
