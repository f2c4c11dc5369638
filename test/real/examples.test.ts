import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readArguments } from '../../src/cli/commandLine/arguments';
import { check } from '../../src/cli/check';
import type { MadeManifest } from '../manifests';
import { Api } from './api';
import { answerTo } from './askWebhooks';
import { realAccess } from './cluster';

/** Where Chaos Mesh's own examples are: in the sources that the controller is compiled from. */
function examples(): string {
  const asked = ['mod', 'download', '-json', 'github.com/chaos-mesh/chaos-mesh'];
  const answer = execFileSync('go', asked, { cwd: path.join(__dirname, 'controller'), encoding: 'utf8' });
  return path.join((JSON.parse(answer) as { Dir: string }).Dir, 'examples');
}

let api: Api;
beforeAll(() => {
  api = new Api(realAccess());
});
afterAll(() => api?.dispose());

const API_VERSION = /^chaos-mesh\.org\//;

/** What the API server with Chaos Mesh's webhooks says to a file's objects, each in a namespace that is there. */
async function realErrors(file: string): Promise<string[]> {
  const errors: string[] = [];
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
    const object = document.toJS() as MadeManifest['object'] | null;
    if (!object || !API_VERSION.test(String(object.apiVersion))) continue;
    const metadata = { ...object.metadata, namespace: 'oceanbase' };
    const { refusal, later } = await answerTo(api, { object: { ...object, metadata }, change: file });
    errors.push(...[refusal || later].filter((one) => one !== ''));
  }
  return errors;
}

/** What `distdiag check FILE` prints of errors. */
async function checked(file: string): Promise<string[]> {
  const lines: string[] = [];
  const { files, options } = readArguments(['check', file]);
  const code = await check(files, options, (line) => lines.push(line));
  const errors = lines.filter((line) => / error: /.test(line));
  expect(code, lines.join('\n')).toBe(errors.length > 0 ? 1 : 0);
  return errors;
}

it("distdiag check agrees with Chaos Mesh's webhooks about every one of its examples", async () => {
  const folder = examples();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file))
    .sort();
  const differences: Record<string, { real: string[]; check: string[] }> = {};
  const refused: string[] = [];
  let asked = 0;
  for (const name of files) {
    const file = path.join(folder, name);
    if (!/^apiVersion: *["']?chaos-mesh\.org\//m.test(readFileSync(file, 'utf8'))) continue;
    const [real, ours] = [await realErrors(file), await checked(file)];
    asked += 1;
    if (real.length > 0) refused.push(name);
    if (real.length > 0 !== ours.length > 0) differences[name] = { real, check: ours };
  }
  console.log(`${asked} example files, of which the webhooks refuse ${refused.join(', ') || 'none'}`);
  expect(asked).toBeGreaterThan(30);
  expect(differences).toEqual({});
}, 300_000);
