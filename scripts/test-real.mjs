// npm run test:real: the contract suite on a real API server, and the tour with a real Prometheus.
import { contractOnRealServers } from './real/contract.mjs';
import { tourWithPrometheus } from './real/tour.mjs';

const only = process.argv[2];
const parts = { contract: contractOnRealServers, tour: tourWithPrometheus };
if (only !== undefined && !Object.hasOwn(parts, only)) {
  console.error(`There is no part ${only}: ${Object.keys(parts).join(' or ')}`);
  process.exit(2);
}
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const [name, part] of Object.entries(parts)) {
  if (only !== undefined && name !== only) continue;
  console.log(`\n=== ${name}`);
  const counts = await part();
  for (const key of Object.keys(sum)) sum[key] += counts[key] ?? 0;
}
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`);
process.exit(sum.failed > 0 ? 1 : 0);
