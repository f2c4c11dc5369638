// What a test kills: a node's namespaces with something that would go on, and its traces. Prints their name.
import { enterNode, watchOver } from '../../../scripts/real/node/node.mjs';
import { makeTraces, ownName } from '../../../scripts/real/node/traces.mjs';

const name = ownName();
const folder = makeTraces(name);
if (process.argv[2] === 'watched') watchOver(name);
enterNode(folder, 'sh', '-c', 'trap "" TERM INT HUP; setsid sleep 600 & sleep 600');
console.log(name);
