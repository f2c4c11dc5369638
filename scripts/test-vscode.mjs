// npm run test:vscode: the suite inside a real VS Code, on the embedded cluster.
import { startDemo } from './host/demoServer.mjs';
import { runSuite } from './host/vscodeSuite.mjs';

const demo = await startDemo();
let result = { passed: 0, failed: 1, lines: [] };
try {
  result = await runSuite({ KUBECONFIG: demo.facts.kubeconfig, PROMETHEUS_URL: demo.facts.prometheusUrl });
} catch (error) {
  console.error(error.message);
} finally {
  await demo.stop();
}
for (const line of result.lines) console.log(line);
console.log(`${result.passed} passed, ${result.failed} failed`);
process.exit(result.failed > 0 ? 1 : 0);
