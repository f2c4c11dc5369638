import type * as rest from './adapters/rest/index';
import type { Log } from './core/ports';
import type { RunningRestApi } from './ui/restApi';

/** Starts the REST API over the exported one; its bundle is loaded at the first start. */
export function restStarter(
  backend: rest.RestBackend,
  packageJson: unknown,
  log: Log,
): (port: number) => Promise<RunningRestApi> {
  const { version } = packageJson as { version: string };
  return (port) => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a bundle of its own, so that activation does not load it
    const { startRestApi } = require('./rest') as typeof rest;
    return startRestApi({ backend, version, log, port });
  };
}
