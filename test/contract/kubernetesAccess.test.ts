import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useServer } from './rawServer';

const server = useServer();
const { call } = server;

describe('access', () => {
  it('keeps the kubeconfig to its owner, with its context and namespace', () => {
    expect(statSync(server.cluster.kubeconfigPath).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(server.cluster.kubeconfigPath, 'utf8'))).toMatchObject({
      'current-context': 'distdiag-demo',
      contexts: [{ context: { namespace: 'oceanbase' } }],
    });
  });

  it('wants the token and a known authority', async () => {
    const { status, body } = await call('GET', '/api/v1/pods', undefined, { authorization: 'Bearer wrong' });
    expect(status).toBe(401);
    expect(body).toMatchObject({ kind: 'Status', reason: 'Unauthorized', code: 401 });
    expect((await call('GET', '/healthz')).body).toBe('ok');
    await expect(fetch(`${server.cluster.kubernetesUrl}/healthz`)).rejects.toThrow();
  });

  it('answers what the user may do', async () => {
    const spec = {
      resourceAttributes: { verb: 'create', group: 'chaos-mesh.org', resource: 'stresschaos', namespace: 'oceanbase' },
    };
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
    const { status, body } = await call('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review);
    expect(status).toBe(201);
    expect(body.status.allowed).toBe(true);
  });
});

describe('the world', () => {
  it('has the pods that ob-operator makes', async () => {
    const { body } = await call('GET', '/api/v1/namespaces/oceanbase/pods?labelSelector=ref-obcluster');
    expect(body.kind).toBe('PodList');
    expect(body.items).toHaveLength(3);
    const pod = body.items[0];
    const { name, ip } = server.cluster.topology.pods[0]!;
    expect(pod.metadata).toMatchObject({ name, labels: { 'ref-obcluster': 'obcluster', 'ref-observer': name } });
    expect(pod.status).toMatchObject({ phase: 'Running', podIP: ip });
    expect(pod.spec.containers.map((container: { name: string }) => container.name)).toEqual(['observer', 'obagent']);
    expect(pod.spec.containers[0].volumeMounts.map((mount: { mountPath: string }) => mount.mountPath)).toContain(
      '/home/admin/data-file',
    );
  });

  it('tells its groups, kinds and fields', async () => {
    expect((await call('GET', '/version')).body.major).toBe('1');
    const { body } = await call('GET', '/apis/chaos-mesh.org/v1alpha1');
    expect(body.resources.map((one: { kind: string }) => one.kind)).toEqual(
      expect.arrayContaining(['StressChaos', 'NetworkChaos', 'IOChaos', 'Schedule', 'Workflow']),
    );
    expect(
      (await call('GET', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/stresschaos.chaos-mesh.org')).body
        .spec.names.kind,
    ).toBe('StressChaos');
    const { body: index } = await call('GET', '/openapi/v3');
    // An API server says that this JSON is plain text.
    const { paths } = typeof index === 'string' ? JSON.parse(index) : index;
    expect(paths).toHaveProperty('apis/chaos-mesh.org/v1alpha1');
    expect((await call('GET', '/apis/chaos-mesh.org/v1alpha1/namespaces/oceanbase/nochaos')).status).toBe(404);
  });

  it('forwards to Prometheus through the service proxy, without the token', async () => {
    for (const service of [
      'http:prometheus-operated:9090',
      'prometheus-operated:9090',
      'prometheus-operated:web',
      'http:prometheus-operated:web',
    ]) {
      const { status, body } = await call(
        'GET',
        `/api/v1/namespaces/monitoring/services/${service}/proxy/api/v1/query?query=vector(1)`,
      );
      expect([service, status, body.status]).toEqual([service, 200, 'success']);
    }
    for (const [service, status, message] of [
      ['nobody:9090', 404, 'services "nobody" not found'],
      ['nobody', 503, 'no endpoints available for service "nobody"'],
      ['prometheus-operated', 503, 'no endpoints available for service "prometheus-operated"'],
      ['prometheus-operated:metrics', 503, 'no endpoints available for service "prometheus-operated"'],
      ['prometheus-operated:8080', 503, 'no service port 8080 found for service "prometheus-operated"'],
      ['ftp:prometheus-operated:web', 400, 'invalid service request "ftp:prometheus-operated:web"'],
    ] as const) {
      const { body } = await call('GET', `/api/v1/namespaces/monitoring/services/${service}/proxy/`);
      expect(body).toMatchObject({ kind: 'Status', code: status, message });
    }
    expect((await call('GET', '/api/v1/namespaces/monitoring/pods/nobody:9090/proxy/')).body).toMatchObject({
      code: 404,
      message: 'pods "nobody" not found',
    });
  });
});
