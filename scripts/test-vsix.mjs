// npm run test:vsix: packs the VSIX, installs it in a real VS Code, and tries it there on the embedded cluster.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDemo } from './host/demoServer.mjs';
import { root } from './host/node24.mjs';
import { runSuite } from './host/vscodeSuite.mjs';

const MOST_MIB = 3;

const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-vsix-'));
const vsix = path.join(directory, 'distdiag.vsix');
let result = { passed: 0, failed: 1, lines: [] };
let demo;
try {
  pack();
  const mib = statSync(vsix).size / 2 ** 20;
  console.log(`the package has ${mib.toFixed(2)} MiB`);
  if (mib > MOST_MIB) throw new Error(`more than ${MOST_MIB} MiB`);
  demo = await startDemo();
  const { kubeconfig, prometheusUrl } = demo.facts;
  result = await runSuite({ KUBECONFIG: kubeconfig, PROMETHEUS_URL: prometheusUrl }, { vsix });
} catch (error) {
  console.error(error.message);
} finally {
  await demo?.stop();
  rmSync(directory, { recursive: true, force: true });
}
for (const line of result.lines) console.log(line);
console.log(`${result.passed} passed, ${result.failed} failed`);
process.exit(result.failed > 0 ? 1 : 0);

/** By the script that users run, whose build is the one that scripts here begin with. */
function pack() {
  const npm = process.env.npm_execpath;
  const args = ['run', '--silent', 'package', '--', '--out', vsix];
  if (npm) execFileSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' });
  else execFileSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  writeFileSync(path.join(root, 'dist/.built'), '');
}
