import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { python, seekdbPackage } from '../../bed/programs.mjs';
import { root } from '../../host/node24.mjs';
import { has, installPackages } from '../../host/packages.mjs';
import {
  buildApiserver,
  buildBedHelper,
  buildChaosMesh,
  buildEtcd,
  buildKubelet,
  buildRealDaemon,
  buildToda,
  kubernetesSources,
  leaveToNextRun,
  whyNoGo,
} from '../build.mjs';
import { PAUSE_IMAGE } from './containerd.mjs';
import { layerOf, writeImages } from './image.mjs';
import { rootfsLayer } from './rootfs.mjs';
import { chaosMeshSources } from './sources.mjs';

const PACKAGES = ['containerd', 'runc', 'containernetworking-plugins', 'iproute2', 'mmdebstrap', 'gcc', 'libc6-dev'];
export const IMAGES = { database: 'localhost/database:node', daemon: 'localhost/chaos-daemon:node' };

/** Why no node can run here, in one line; undefined when one can. */
export function whyNoNode(engine) {
  const missing = [
    process.getuid?.() !== 0 && 'root',
    !existsSync('/sys/fs/cgroup/cpu/cgroup.procs') && 'version 1 of control groups',
    !has('unshare') && 'unshare',
    engine === 'seekdb' && !python() && 'Python 3.11',
    !has('go') ? 'Go' : whyNoGo(),
  ].filter(Boolean);
  if (missing.length === 0) missing.push(...installPackages(PACKAGES));
  return missing.length > 0 ? `A Kubernetes node needs what is not here: ${missing.join(', ')}.` : undefined;
}

/** Compiles what is missing; undefined when this run has compiled for long enough. */
export async function nodePrograms(engine) {
  const programs = { etcd: await buildEtcd(), apiserver: await buildApiserver() };
  const chaosMesh = await buildChaosMesh();
  if (!chaosMesh) return undefined;
  // As many minutes again as the API server, where that has just been compiled.
  if (leaveToNextRun('The kubelet and the tests on a node')) return undefined;
  const sources = chaosMeshSources();
  return {
    ...programs,
    controller: chaosMesh.controller,
    kubelet: await buildKubelet(),
    chaosMesh: await buildRealDaemon(sources),
    helper: await buildBedHelper(),
    toda: await buildToda(),
    crds: path.join(sources.folder, 'manifests/crd.yaml'),
    pauses: {
      pod: path.join(kubernetesSources(), 'build/pause/linux/pause.c'),
      process: path.join(sources.folder, 'hack/pause.c'),
    },
    rootfs: rootfsLayer(),
    ...(engine === 'seekdb' ? { seekdb: seekdbPackage() } : {}),
  };
}

/** Writes the images of the node's pods into a folder, as an OCI layout. */
export async function nodeImages(programs, folder) {
  mkdirSync(folder);
  const layer = (name, fill) => {
    const content = path.join(folder, name);
    mkdirSync(content);
    fill(content);
    return layerOf(content, `${content}.tar`);
  };
  const pause = layer('pause', (at) =>
    compile(programs.pauses.pod, path.join(at, 'pause'), '-static', '-DVERSION=node'),
  );
  const daemon = layer('daemon', (at) => {
    const [bin, lib] = ['usr/local/bin', 'usr/local/lib'].map((name) => path.join(at, name));
    for (const one of [bin, lib]) mkdirSync(one, { recursive: true });
    cpSync(programs.chaosMesh.daemon, path.join(bin, 'chaos-daemon'));
    cpSync(programs.chaosMesh.helper, path.join(bin, 'cdh'));
    compile(programs.pauses.process, path.join(bin, 'pause'));
    cpSync(programs.toda, path.join(bin, 'toda'));
    for (const name of ['nsexec', 'memStress', 'tc']) compile(helper(name), path.join(bin, name), '-Wall');
    compile(helper('libnsenter'), path.join(lib, 'libnsenter.so'), '-Wall', '-shared', '-fPIC');
  });
  const layout = path.join(folder, 'layout');
  await writeImages(layout, {
    [PAUSE_IMAGE]: [pause],
    [IMAGES.database]: [programs.rootfs],
    [IMAGES.daemon]: [programs.rootfs, daemon],
  });
  return layout;
}

const helper = (name) => path.join(root, 'test/real/node/helpers', `${name}.c`);

function compile(source, program, ...options) {
  execFileSync('gcc', ['-O2', ...options, '-o', program, source], { stdio: 'inherit' });
}
