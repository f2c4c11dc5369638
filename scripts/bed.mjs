// npm run bed: real databases with real faults, recorded, or behind the demo's Kubernetes API. See test/bed/README.md.
import { bedPrograms, whyNoBed } from './bed/programs.mjs';
import { startPrometheus, whyNoPrometheus } from './host/prometheus.mjs';
import { importTypeScript } from './real/typescript.mjs';

const args = process.argv.slice(2);
const { main } = await importTypeScript(args.includes('--serve') ? 'test/bed/serve/main.ts' : 'test/bed/main.ts');
try {
  process.exitCode = await main(args, { whyNoBed, bedPrograms, whyNoPrometheus, startPrometheus });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
// Standard input, which tells that the parent has ended, would keep the process alive.
process.exit();
