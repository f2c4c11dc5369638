import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { sendJson } from '../http';
import { StatusError } from './status';

/** Forwards a request through the service proxy to a backend on loopback. */
export function forward(request: IncomingMessage, response: ServerResponse, backend: string, path: string): void {
  const { authorization: _secret, host: _host, ...headers } = request.headers;
  const outgoing = httpRequest(`${backend}${path}`, { method: request.method ?? 'GET', headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', (error) => {
    const status = new StatusError(503, 'ServiceUnavailable', `error trying to reach service: ${error.message}`);
    if (!response.headersSent) sendJson(response, 503, status.toStatus());
    else response.destroy();
  });
  request.pipe(outgoing);
}
