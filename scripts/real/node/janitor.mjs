// Removes what a node leaves when the process that it belongs to is killed: janitor.mjs NAME, whose standard input that
// process holds open.
import { removeTraces } from './traces.mjs';

process.stdin.once('end', () => void removeTraces(process.argv[2])).resume();
