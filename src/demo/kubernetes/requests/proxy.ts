import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { respondJson } from '../../http';
import type { KubeObject, ObjectStore } from '../objects/objects';
import { RESOURCES, type Resource } from '../objects/resources';
import { badRequest, StatusError } from '../objects/status';

const kind = (name: string): Resource => RESOURCES.find((resource) => resource.kind === name) as Resource;
const unavailable = (message: string): StatusError => new StatusError(503, 'ServiceUnavailable', message);

/**
 * The backend of `services/[scheme:]name[:port]/proxy` or of a pod in its place. A service is entered by the name of a
 * port or by its number; without one, only by a port that has no name.
 */
export function proxiedService(
  store: ObjectStore,
  backends: ReadonlyMap<string, string>,
  { resource, namespace, id }: { resource: 'services' | 'pods'; namespace: string; id: string },
): string {
  const parts = /^(?:(?:https?)?:(?=.*:))?([^:]+)(?::([^:]*))?$/.exec(id);
  if (!parts) throw badRequest(`invalid ${resource === 'pods' ? 'pod' : 'service'} request ${JSON.stringify(id)}`);
  const [, name = '', port = ''] = parts;
  const backend = backends.get(`${namespace}/${name}`);
  if (resource === 'pods') {
    store.get(kind('Pod'), namespace, name);
    if (!backend) throw unavailable(`error trying to reach service: no answer from the pod ${name}`);
    return backend;
  }
  const entered = /^\d+$/.test(port) ? nameOf(store.get(kind('Service'), namespace, name), Number(port)) : port;
  const service = store.find(kind('Service'), namespace, name);
  const known = service !== undefined && portsOf(service).some((one) => (one.name ?? '') === entered);
  if (!backend || !known) throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  return backend;
}

const portsOf = ({ spec }: KubeObject): { name?: string; port: number }[] =>
  (spec?.['ports'] ?? []) as { name?: string; port: number }[];

function nameOf(service: KubeObject, number: number): string {
  const found = portsOf(service).find(({ port }) => port === number);
  if (found) return found.name ?? '';
  throw unavailable(`no service port ${number} found for service ${JSON.stringify(service.metadata.name)}`);
}

/** Forwards a request through the service proxy to a backend on loopback. */
export function forward(request: IncomingMessage, response: ServerResponse, backend: string, path: string): void {
  const { authorization: _secret, host: _host, ...headers } = request.headers;
  const outgoing = httpRequest(`${backend}${path}`, { method: request.method ?? 'GET', headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    // Half an answer is passed on as that: the connection breaks.
    pipeline(answer, response, () => undefined);
  });
  // The backend would hold an answer that nobody waits for.
  response.on('close', () => outgoing.destroy());
  outgoing.on('error', (error) => {
    const status = unavailable(`error trying to reach service: ${error.message}`);
    if (!response.headersSent) respondJson(response, 503, status.toStatus());
    else response.destroy();
  });
  request.pipe(outgoing);
}
