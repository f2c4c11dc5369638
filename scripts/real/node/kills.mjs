import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../../host/node24.mjs';
import { inhabited, namespacesOf, processesOf, tracesOf } from './remains.mjs';
import { whyNoNode } from './programs.mjs';

const DIRECT = [process.execPath, 'scripts/test-real.mjs', 'node'];
/** What is ended, with which signal, and when: so many seconds after a line. */
const KILLS = [
  { command: DIRECT, signal: 'SIGKILL', line: /begins/, seconds: 0.3 },
  { command: DIRECT, signal: 'SIGKILL', line: /containerd has the images/, seconds: 1 },
  { command: DIRECT, signal: 'SIGKILL', line: /Chaos Mesh's controller works/, seconds: 3 },
  { command: DIRECT, signal: 'SIGTERM', line: /the node is ready/, seconds: 2 },
  { command: ['npm', 'run', 'test:real', '--', 'node'], signal: 'SIGKILL', line: /all of it runs/, seconds: 5 },
  { command: DIRECT, signal: 'SIGKILL', line: /all of it runs/, seconds: 25 },
];
const LIMIT_MS = 60_000;

/** Ends the tests on a node at several moments by force, and looks what is left: no process, mount, namespace, control group or folder. `numbers`: some of them. */
export async function killsOfNode(numbers) {
  const reason = whyNoNode('galera');
  if (reason) {
    console.log(`${reason} Skipped.`);
    return { skipped: 1 };
  }
  const counts = { passed: 0, failed: 0 };
  for (const kill of KILLS.filter((_, i) => numbers.length === 0 || numbers.includes(String(i + 1)))) {
    const left = await leftAfter(kill);
    const what = `${kill.signal} to ${kill.command.slice(0, 2).join(' ')}, ${kill.seconds} s after ${kill.line}`;
    console.log(left.length === 0 ? `ok ${what}` : `FAILED ${what}: left ${left.join(', ')}`);
    counts[left.length === 0 ? 'passed' : 'failed']++;
  }
  return counts;
}

/** What is left a minute after a kill, or nothing, as soon as it is. */
async function leftAfter({ command: [program, ...args], signal, line, seconds }) {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let output = '';
  await Promise.race([
    ended,
    new Promise((resolve) =>
      child.stdout.on('data', (chunk) => {
        output += chunk;
        if (line.test(output)) resolve();
      }),
    ),
  ]);
  await delay(1000 * seconds);
  const [name] = output.match(/distdiag-node-\d+-\d+/) ?? [];
  if (!name) return [`an end before its time: ${output}`];
  const namespaces = namespacesOf(processesOf(name));
  child.kill(signal);
  await ended;
  const look = () => [...processesOf(name).map((pid) => `process ${pid}`), ...inhabited(namespaces), ...tracesOf(name)];
  for (const end = Date.now() + LIMIT_MS; ; await delay(100)) {
    const left = look();
    if (left.length === 0 || Date.now() > end) return left;
  }
}
