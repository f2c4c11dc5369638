// npm run bed: real databases with real faults, recorded. See test/bed/README.md.
import { bedPrograms, whyNoBed } from './bed/programs.mjs';
import { importTypeScript } from './real/typescript.mjs';

const { main } = await importTypeScript('test/bed/main.ts');
try {
  process.exitCode = await main(process.argv.slice(2), { whyNoBed, bedPrograms });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
