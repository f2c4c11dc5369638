import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startReadyServer } from '../../host/processes.mjs';
import { SOCKET } from './containerd.mjs';

export const NODE_NAME = 'node-1';
/** On the node's own bridge: where the daemon of Chaos Mesh and cAdvisor's metrics are found. */
export const NODE_ADDRESS = '10.89.0.1';
export const KUBELET_PORT = 10250;

/** Starts the kubelet of the node, whose pods' control groups are below `cgroup`. */
export async function startKubelet({ program, folder, kubeconfig, cgroup }) {
  const at = path.join(folder, 'kubelet');
  mkdirSync(at, { recursive: true });
  const config = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    failCgroupV1: false,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroup}`,
    enforceNodeAllocatable: [],
    failSwapOn: false,
    containerRuntimeEndpoint: `unix://${SOCKET}`,
    address: NODE_ADDRESS,
    port: KUBELET_PORT,
    healthzBindAddress: '127.0.0.1',
    // Nobody else is in this network.
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    podLogsDir: '/var/log/pods',
    volumePluginDir: path.join(at, 'volume-plugins'),
    makeIPTablesUtilChains: false,
    localStorageCapacityIsolation: false,
    // The machine is not the node's alone: how full it is says nothing of the node.
    evictionHard: {
      'memory.available': '0%',
      'nodefs.available': '0%',
      'imagefs.available': '0%',
      'nodefs.inodesFree': '0%',
    },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    resolvConf: '',
    nodeStatusUpdateFrequency: '2s',
    syncFrequency: '5s',
    // A container that tests kill again and again does not keep them waiting.
    crashLoopBackOff: { maxContainerRestartPeriod: '1s' },
    maxPods: 30,
    oomScoreAdj: 0,
  };
  writeFileSync(path.join(at, 'config.json'), JSON.stringify(config));
  const args = [
    `--config=${path.join(at, 'config.json')}`,
    `--kubeconfig=${kubeconfig}`,
    `--root-dir=${at}`,
    `--cert-dir=${path.join(at, 'certificates')}`,
    `--hostname-override=${NODE_NAME}`,
    `--node-ip=${NODE_ADDRESS}`,
    '--v=1',
  ];
  return startReadyServer(program, args, {}, (line) => (/Started kubelet/.test(line) ? true : undefined));
}
