// Of npm run bench -- --only hourInHost: what watching costs the real extension host. Prints one line of JSON at the end.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startDemo } from './host/demoServer.mjs';
import { root } from './host/node24.mjs';
import { runSuite } from './host/vscodeSuite.mjs';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '12' }, refresh: { type: 'string', default: '1' } },
});
const minutes = Number(values.minutes);
const refresh = Number(values.refresh);
if (!(minutes > 0 && refresh >= 1)) throw new Error('--minutes and --refresh (seconds, at least 1) take numbers.');

const demo = await startDemo();
try {
  const figures = await runSuite(
    {
      KUBECONFIG: demo.facts.kubeconfig,
      PROMETHEUS_URL: demo.facts.prometheusUrl,
      DISTDIAG_BENCH_MINUTES: String(minutes),
      DISTDIAG_BENCH_REFRESH: String(refresh),
    },
    { tests: path.join(root, 'out/bench/index.js'), limitMs: (minutes + 6) * 60_000 },
  );
  console.log(JSON.stringify(figures));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await demo.stop();
}
