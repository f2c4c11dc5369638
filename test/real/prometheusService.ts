import type { Api } from './api';
import { createWithStatus } from './install';

const NAMESPACE = 'monitoring';
const SERVICE = 'prometheus-operated';
const ADDRESS = '10.244.9.9';
const POD = 'prometheus-k8s-0';

/** Puts a server on loopback behind the service `prometheus-operated`: its pod has an address that the tunnel resolves. */
export async function exposePrometheus(api: Api, port: number): Promise<void> {
  await createWithStatus(api, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: POD, namespace: NAMESPACE },
    spec: { containers: [{ name: 'prometheus', image: 'prometheus' }] },
    status: { phase: 'Running', podIP: ADDRESS, podIPs: [{ ip: ADDRESS }] },
  });
  const at = `/apis/discovery.k8s.io/v1/namespaces/${NAMESPACE}/endpointslices`;
  const name = `${SERVICE}-1`;
  await api.call('DELETE', `${at}/${name}`);
  await api.must('POST', at, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: NAMESPACE, labels: { 'kubernetes.io/service-name': SERVICE } },
    addressType: 'IPv4',
    ports: [{ name: 'web', port, protocol: 'TCP' }],
    endpoints: [
      {
        addresses: [ADDRESS],
        conditions: { ready: true, serving: true },
        targetRef: { kind: 'Pod', name: POD, namespace: NAMESPACE },
      },
    ],
  });
}
