// npm run test:real: the contract suite on a real API server, and the tour with a real Prometheus, side by side: both
// mostly wait. Then the faults on a real Kubernetes node, the queries on other engines than Debian's Prometheus, and the
// tour on real databases, whose metrics show what else the machine does.
import { tourOnBed } from './real/bedTour.mjs';
import { contractOnRealServers } from './real/contract.mjs';
import { queriesOnEngines } from './real/engines.mjs';
import { testsOnNode, tourOnNode } from './real/onNode.mjs';
import { tourWithPrometheus } from './real/tour.mjs';

// Behind `contract`, names of test files may follow.
const [only, ...files] = process.argv.slice(2);
const stages = [
  { contract: contractOnRealServers, tour: tourWithPrometheus },
  { node: testsOnNode },
  { engines: queriesOnEngines },
  { bed: tourOnBed },
  // A figure for docs/diagnosis.md, not a test: only where it is asked for by its name.
  ...(only === 'nodeTour' ? [{ nodeTour: () => tourOnNode(process.argv.slice(3)) }] : []),
];
const names = [...stages.flatMap(Object.keys), 'nodeTour'];
if (only !== undefined && !names.includes(only)) {
  console.error(`There is no part ${only}: ${names.join(', ')}`);
  process.exit(2);
}

/** Runs parts side by side; resolves with their counts. */
function runParts(parts) {
  const wanted = Object.entries(parts).filter(([name]) => only === undefined || name === only);
  if (wanted.length > 0) console.log(`=== ${wanted.map(([name]) => name).join(' and ')}`);
  return Promise.all(
    wanted.map(async ([name, part]) => {
      const started = Date.now();
      const count = { passed: 0, failed: 0, skipped: 0, ...(await part(files)) };
      console.log(`${name}: ${JSON.stringify(count)} in ${Math.round((Date.now() - started) / 1000)} s`);
      return count;
    }),
  );
}

const counts = [];
for (const parts of stages) counts.push(...(await runParts(parts)));
const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
console.log(
  `${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`,
);
process.exit(sum('failed') > 0 ? 1 : 0);
