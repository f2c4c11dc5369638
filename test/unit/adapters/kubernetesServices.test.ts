import { describe, expect, it } from 'vitest';
import { kubernetesScene, list } from './kubernetesScene';

const scene = kubernetesScene();

describe('the services', () => {
  it('that look like Prometheus come first, helpers not at all', async () => {
    const service = (name: string, port: number, labels = {}): unknown => ({
      metadata: { name, namespace: 'm', labels },
      spec: { ports: [{ name: 'web', port }] },
    });
    scene.server.handler = (_request, response) =>
      list(response, [
        service('grafana', 80),
        service('prometheus-alertmanager', 9093),
        service('kube-prometheus-operator', 8080),
        service('metrics', 9090, { 'app.kubernetes.io/name': 'prometheus' }),
        service('prometheus-server', 80),
        service('prometheus-k8s', 9090),
        { metadata: { name: 'prometheus-without-ports', namespace: 'm' }, spec: {} },
      ]);
    expect((await scene.connection.listPrometheusServices()).map((one) => `${one.service}:${one.port}`)).toEqual([
      'prometheus-k8s:9090',
      'metrics:9090',
      'prometheus-server:80',
    ]);
  });
});
