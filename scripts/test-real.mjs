// npm run test:real: the contract suite on a real API server, the tour with a real Prometheus, and the faults on a real
// Kubernetes node with the queries on other engines than Debian's Prometheus after it, side by side; then the tour on real
// databases. `-- PART`: one of them, here; behind `contract`, names of test files may follow.
import { endWithOwners } from './real/owners.mjs';
import { PARTS, STAGES } from './real/parts.mjs';
import { runSideBySide } from './real/sideBySide.mjs';

endWithOwners();

const [only, ...args] = process.argv.slice(2);
if (only !== undefined && !Object.hasOwn(PARTS, only)) {
  console.error(`There is no part ${only}: ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}

/** Runs one part in this process; resolves with its counts. */
async function runHere(name) {
  const started = Date.now();
  const count = { passed: 0, failed: 0, skipped: 0, ...(await PARTS[name](args)) };
  console.log(`${name}: ${JSON.stringify(count)} in ${Math.round((Date.now() - started) / 1000)} s`);
  return [count];
}

const counts = [];
if (only !== undefined) counts.push(...(await runHere(only)));
else
  for (const rows of STAGES) {
    console.log(`=== ${rows.map((names) => names.join(', then ')).join('; beside it ')}`);
    counts.push(...(await runSideBySide(rows)));
  }
// Once more at the very end, where whoever reads a log looks first.
for (const { name, failed, tail } of counts)
  if (failed > 0 && tail) console.log(`\n=== ${name} failed; its last lines:\n${tail.join('\n')}`);
const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
console.log(
  `${sum('passed')} passed, ${sum('failed')} failed${sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''}`,
);
process.exit(sum('failed') > 0 ? 1 : 0);
