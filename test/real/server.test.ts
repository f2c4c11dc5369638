import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, type Loose } from './api';
import { realAccess } from './cluster';
import { cleanUp } from './housekeeping';

const CHAOS = '/apis/chaos-mesh.org/v1alpha1/namespaces/oceanbase/stresschaos';
const stress = (name: string, spec: Loose = {}): Loose => ({
  apiVersion: 'chaos-mesh.org/v1alpha1',
  kind: 'StressChaos',
  metadata: { name },
  spec: {
    mode: 'one',
    selector: { labelSelectors: { none: 'such' } },
    stressors: { cpu: { workers: 1, load: 100 } },
    ...spec,
  },
});

let api: Api;
let viewer: Api;

beforeAll(async () => {
  const access = realAccess();
  const { users } = JSON.parse(readFileSync(process.env['DISTDIAG_REAL_KUBECONFIG'] as string, 'utf8'));
  api = new Api(access);
  viewer = new Api({ ...access, token: users.find((user: Loose) => user.name === 'viewer').user.token });
  await cleanUp(api);
});
afterAll(async () => {
  await cleanUp(api);
  api.dispose();
  viewer.dispose();
});

describe('the real API server', () => {
  it('is what it says', async () => {
    expect((await api.must('GET', '/version')).gitVersion).toMatch(/^v1\.37\./);
  });

  it('lets a viewer see and not change', async () => {
    expect((await viewer.call('GET', CHAOS)).status).toBe(200);
    expect((await viewer.call('POST', CHAOS, stress('refused'))).body).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message:
        'stresschaos.chaos-mesh.org is forbidden: User "viewer" cannot create resource "stresschaos" in API group "chaos-mesh.org" in the namespace "oceanbase"',
    });
  });
});

describe("Chaos Mesh's own webhooks", () => {
  it('fill in the namespace and an empty status', async () => {
    const made = await api.must('POST', CHAOS, stress('filled'));
    expect(made.spec.selector.namespaces).toEqual(['oceanbase']);
    expect(made.status).toEqual({ experiment: {} });
  });

  it.each([
    ['a duration', { duration: '10' }, 'Spec.Duration: Invalid value: "10": parse duration field error'],
    ['no stressor', { stressors: {} }, 'Spec.Stressors: Invalid value: {}: missing stressors'],
    [
      'a size',
      { stressors: { memory: { workers: 1, size: '1Gi' } } },
      'Spec.Stressors.MemoryStressor.Size: Invalid value: "1Gi": incorrect bytes format',
    ],
  ])('refuse %s that cannot be', async (_title, spec, message) => {
    const { status, body } = await api.call('POST', CHAOS, stress('bad', spec));
    expect(status).toBe(403);
    expect(body.message).toContain(`admission webhook "vstresschaos.kb.io" denied the request: ${message}`);
  });
});
