import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from '../../host/node24.mjs';
import { IMAGES, nodeImages } from './programs.mjs';
import { PAUSE_IMAGE } from './containerd.mjs';
import { makeTraces, ownName, removeTraces, sweep } from './traces.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM'];
const here = path.join(root, 'scripts/real/node');

/**
 * Runs commands, one after the other, on a Kubernetes node of its own: kubelet, containers and all servers of its
 * cluster in PID, mount and network namespaces whose first process ends with this one, however that ends. Resolves with an exit code.
 */
export async function runOnNode(programs, engine, commands) {
  for (const name of await sweep()) console.log(`${name}, which a killed run had left, is removed`);
  const name = ownName();
  console.log(`node: ${name} begins`);
  const folder = makeTraces(name);
  watchOver(name);
  try {
    const layout = await nodeImages(programs, path.join(folder, 'images'));
    const images = { ...IMAGES, pause: PAUSE_IMAGE };
    const settings = { folder, cgroup: name, programs, layout, images, engine, commands, cwd: root };
    const child = enterNode(folder, process.execPath, path.join(here, 'inside.mjs'), JSON.stringify(settings));
    const ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
    });
    // Interrupted, the node ends first, and then what it leaves is removed.
    let interrupted = false;
    const interrupt = () => {
      interrupted = true;
      child.stdin.end();
    };
    for (const signal of SIGNALS) process.on(signal, interrupt);
    const code = await ended;
    for (const signal of SIGNALS) process.off(signal, interrupt);
    if (interrupted) await removeTraces(name).then(() => process.exit(130));
    return code;
  } finally {
    await removeTraces(name);
  }
}

/** Has what a node leaves removed when this process ends, however it ends: by a process that is in no group of ours. */
export function watchOver(name) {
  const janitor = path.join(here, 'janitor.mjs');
  const child = spawn(process.execPath, [janitor, name], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  child.stdin.unref();
}

/**
 * Starts a program as a child of the first process of new PID, mount and network namespaces, which ends with this process.
 * The program may end when its standard input does.
 */
export function enterNode(folder, ...command) {
  const spaces = ['--mount', '--pid', '--net', '--fork', '--kill-child=SIGKILL', '--mount-proc'];
  const enter = ['--pdeathsig', 'KILL', 'unshare', ...spaces, '--propagation', 'private'];
  const init = [path.join(here, 'init.sh'), folder, ...command];
  return spawn('setpriv', [...enter, ...init], { stdio: ['pipe', 'inherit', 'inherit'] });
}
