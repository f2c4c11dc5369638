import { demoTopology } from '../../src/demo/topology';
import { Api, until, type Access } from './api';
import { install } from './install';
import { registerWebhooks, type Webhooks } from './webhookConfiguration';

/** Makes an empty API server that has just started a cluster with a database, Chaos Mesh's kinds and its webhooks. */
export async function fill(access: Access, webhooks: Webhooks): Promise<void> {
  const api = new Api(access);
  try {
    await until(
      () => api.call('GET', '/readyz').catch(() => ({ status: 0, body: '' })),
      ({ status }) => status === 200,
      'the API server to be ready',
    );
    await install(api, demoTopology(3));
    await registerWebhooks(api, webhooks);
  } finally {
    api.dispose();
  }
}
