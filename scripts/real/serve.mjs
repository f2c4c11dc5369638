// Starts real servers on loopback until interrupted, and prints one JSON line that says where they are.
import { whyNoGo } from './build.mjs';
import { startRealCluster } from './cluster.mjs';

const reason = whyNoGo();
if (reason) {
  console.log(`No real API server can be had here (${reason}): skipped.`);
  process.exit(0);
}
const cluster = await startRealCluster();
console.log(JSON.stringify(cluster.facts));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => cluster.stop().then(() => process.exit(0)));
