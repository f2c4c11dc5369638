// npm run test:real: the contract suite on a real API server, and the tour with a real Prometheus, side by side: both
// mostly wait.
import { contractOnRealServers } from './real/contract.mjs';
import { tourWithPrometheus } from './real/tour.mjs';

const only = process.argv[2];
const parts = { contract: contractOnRealServers, tour: tourWithPrometheus };
if (only !== undefined && !Object.hasOwn(parts, only)) {
  console.error(`There is no part ${only}: ${Object.keys(parts).join(' or ')}`);
  process.exit(2);
}
const wanted = Object.entries(parts).filter(([name]) => only === undefined || name === only);
console.log(`=== ${wanted.map(([name]) => name).join(' and ')}`);
const counts = await Promise.all(
  wanted.map(async ([name, part]) => {
    const started = Date.now();
    const count = { passed: 0, failed: 0, skipped: 0, ...(await part()) };
    console.log(`${name}: ${JSON.stringify(count)} in ${Math.round((Date.now() - started) / 1000)} s`);
    return count;
  }),
);
const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
console.log(
  `${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`,
);
process.exit(sum('failed') > 0 ? 1 : 0);
