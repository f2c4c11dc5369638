// node runLogged.mjs TITLE LOG PROGRAM ARGUMENT…: a step of its own process, for those who wait for it and do nothing else.
import { runLogged } from './progress.mjs';

const [title, log, command, ...args] = process.argv.slice(2);
try {
  await runLogged(title, [command, args], log);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
