import { demoTopology } from '../../src/demo/topology';
import { until } from '../until';
import { Api, type Access } from './api';
import { install } from './install';
import { registerWebhooks, type Webhooks } from './webhookConfiguration';

/** Makes an empty API server that has just started a cluster with a database, Chaos Mesh's kinds and its webhooks. */
export async function fill(access: Access, webhooks: Webhooks): Promise<void> {
  const api = new Api(access);
  try {
    await until('the API server is ready', () =>
      api.call('GET', '/readyz').then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    await install(api, demoTopology(3));
    await registerWebhooks(api, webhooks);
  } finally {
    api.dispose();
  }
}
