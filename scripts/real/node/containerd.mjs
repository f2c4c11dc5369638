import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startServer } from '../../host/processes.mjs';

/** The address by which cAdvisor looks for it; the node has a /run of its own. */
export const SOCKET = '/run/containerd/containerd.sock';
export const PAUSE_IMAGE = 'localhost/pause:node';
const UNUSED = ['aufs', 'btrfs', 'devmapper', 'zfs'].map((name) => `io.containerd.snapshotter.v1.${name}`);
const POD_NETWORK = '10.89.1.0/24';

const config = (folder, networks) => `
version = 2
root = "${folder}/containerd"
state = "/run/containerd/state"
oom_score = 0
disabled_plugins = [${UNUSED.map((name) => `"${name}"`).join(', ')}]

[grpc]
  address = "${SOCKET}"

[plugins."io.containerd.internal.v1.opt"]
  path = "${folder}/opt"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  # A machine may not let anybody make a process less likely to be killed than it is.
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${networks}"
`;

/** Starts containerd in the node's namespaces and gives it images, a folder of an OCI layout. */
export async function startContainerd(folder, images) {
  const file = path.join(folder, 'containerd.toml');
  const networks = path.join(folder, 'cni');
  mkdirSync(networks, { recursive: true });
  const network = {
    cniVersion: '1.0.0',
    name: 'pods',
    plugins: [
      {
        type: 'bridge',
        bridge: 'pods0',
        isGateway: true,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: POD_NETWORK }]],
          routes: [{ dst: '0.0.0.0/0' }],
          dataDir: '/run/cni',
        },
      },
    ],
  };
  writeFileSync(path.join(networks, '10-pods.conflist'), JSON.stringify(network));
  writeFileSync(file, config(folder, networks));
  const server = startServer('containerd', ['--config', file], {}, (line) =>
    /containerd successfully booted/.test(line) ? true : undefined,
  );
  try {
    await server.ready;
    const load = `tar -h -C "$0" -cf - . | ctr --address ${SOCKET} -n k8s.io images import --all-platforms -`;
    execFileSync('bash', ['-o', 'pipefail', '-c', load, images], { stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}
