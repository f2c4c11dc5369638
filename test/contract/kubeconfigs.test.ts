import { execFile, spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kubeconfigs } from '../unit/connection/kubeconfigs/corpus';
import { KubeconfigScene, type Outcome } from '../unit/connection/kubeconfigs/scene';

const present = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;
if (!present) console.log('kubectl is not on this machine: it is not asked what it takes of kubeconfigs');

let scene: KubeconfigScene;
beforeAll(async () => {
  scene = await KubeconfigScene.start();
});
afterAll(() => scene.stop());

it.skipIf(!present)(
  "kubectl's answers are those that the unit tests hold",
  async () => {
    const lines: string[] = [];
    for (const [name, text] of kubeconfigs) {
      let said = '';
      const seen = await scene.seenWith(text, (file) => {
        return new Promise<void>((resolve) => {
          const child = execFile('kubectl', ['--kubeconfig', file, 'get', '--raw', '/version'], (_error, out, err) => {
            said = out + err;
            resolve();
          });
          child.stdin?.end(); // where it knows nobody, kubectl asks who one is
        });
      });
      const outcome: Outcome =
        seen ??
        (/error loading config file/.test(said) ? 'unreadable' : /enter Username/.test(said) ? 'nobody' : 'refused');
      lines.push(`${JSON.stringify([name, outcome])}\n`);
    }
    // `npx vitest -u` writes them anew.
    await expect(lines.join('')).toMatchFileSnapshot(
      path.join(__dirname, '../unit/connection/kubeconfigs/answers.jsonl'),
    );
  },
  120_000,
);
