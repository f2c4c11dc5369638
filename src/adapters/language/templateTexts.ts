import type { Text } from '../../core/base/text';

/** One fault as its author fills it in: everything of the spec but selector, mode, containers and duration. */
export interface FaultTemplate {
  /** Also the name that is proposed. */
  id: string;
  title: Text;
  description: Text;
  kind: string;
  /** The target is no pod. */
  machine?: boolean;
  /** Over at once: it has no duration. */
  once?: boolean;
  /** It names the containers that it hits. */
  containers?: boolean;
  spec: string;
}

const fault = (
  id: string,
  kind: string,
  texts: { title: Text; description: Text },
  spec: string,
  more: Partial<FaultTemplate> = {},
): FaultTemplate => ({ id, kind, ...texts, spec, ...more });
const inContainer = { containers: true };

/** In the order in which they are offered. */
export const FAULT_TEMPLATES: readonly FaultTemplate[] = [
  fault(
    'cpu-stress',
    'StressChaos',
    { title: 'CPU stress', description: 'Uses CPU time inside the container.' },
    `
stressors:
  cpu:
    # Threads, each with this percentage of one core
    workers: 1
    load: 100`,
    inContainer,
  ),
  fault(
    'memory-stress',
    'StressChaos',
    { title: 'Memory stress', description: 'Uses memory inside the container. Mind its limit.' },
    `
stressors:
  memory:
    # Each worker takes the whole size
    workers: 1
    size: 256MB`,
    inContainer,
  ),
  fault(
    'network-delay',
    'NetworkChaos',
    { title: 'Network delay', description: 'Packets are delayed.' },
    `
action: delay
delay:
  latency: 100ms
  jitter: 10ms
  # Percent as a text: how much a packet’s delay depends on the one before
  correlation: "0"
direction: to`,
  ),
  fault(
    'network-loss',
    'NetworkChaos',
    { title: 'Network loss', description: 'Packets are lost.' },
    `
action: loss
loss:
  # Percent as a text, without the sign
  loss: "25"
  correlation: "0"
direction: to`,
  ),
  fault(
    'network-duplicate',
    'NetworkChaos',
    { title: 'Network duplicates', description: 'Packets are duplicated.' },
    `
action: duplicate
duplicate:
  duplicate: "25"
  correlation: "0"
direction: to`,
  ),
  fault(
    'network-corrupt',
    'NetworkChaos',
    { title: 'Network corruption', description: 'Packets are corrupted.' },
    `
action: corrupt
corrupt:
  corrupt: "10"
  correlation: "0"
direction: to`,
  ),
  fault(
    'network-bandwidth',
    'NetworkChaos',
    { title: 'Bandwidth limit', description: 'Traffic is limited to a number of bytes per second.' },
    `
action: bandwidth
bandwidth:
  rate: 1mbps
  # Bytes that may wait, and that may be sent at once
  limit: 20971520
  buffer: 10000
direction: to`,
  ),
  fault(
    'network-partition',
    'NetworkChaos',
    { title: 'Network partition', description: 'Two groups of pods cannot reach each other.' },
    `
action: partition
direction: both
# The other group
target:
  mode: all
  selector:
    <selector>`,
  ),
  fault(
    'io-latency',
    'IOChaos',
    { title: 'I/O latency', description: 'Reads and writes below a mount take longer.' },
    `
action: latency
delay: 100ms
# A mount of the container
volumePath: <volumePath>
path: <files>
percent: 100`,
    inContainer,
  ),
  fault(
    'io-fault',
    'IOChaos',
    { title: 'I/O fault', description: 'Reads and writes below a mount fail.' },
    `
action: fault
# 5: I/O error, 13: permission denied, 28: no space left
errno: 5
volumePath: <volumePath>
path: <files>
methods: [read, write]
percent: 10`,
    inContainer,
  ),
  fault(
    'io-attributes',
    'IOChaos',
    { title: 'File attributes', description: 'Files below a mount show other attributes.' },
    `
action: attrOverride
attr:
  perm: 72
volumePath: <volumePath>
path: <files>
percent: 10`,
    inContainer,
  ),
  fault(
    'io-mistake',
    'IOChaos',
    {
      title: 'I/O mistakes',
      description: 'Reads and writes below a mount get wrong bytes: data can be lost permanently.',
    },
    `
action: mistake
mistake:
  filling: zero
  maxOccurrences: 1
  maxLength: 10
volumePath: <volumePath>
path: <files>
methods: [read]
percent: 1`,
    inContainer,
  ),
  fault(
    'pod-kill',
    'PodChaos',
    { title: 'Pod kill', description: 'Deletes the pod; its controller creates a new one.' },
    `
action: pod-kill
gracePeriod: 0`,
    { once: true },
  ),
  fault(
    'pod-failure',
    'PodChaos',
    { title: 'Pod failure', description: 'The pod is unavailable for a while.' },
    `
action: pod-failure`,
  ),
  fault(
    'container-kill',
    'PodChaos',
    { title: 'Container kill', description: 'Kills a container; the kubelet restarts it.' },
    `
action: container-kill`,
    { once: true, containers: true },
  ),
  fault(
    'clock-skew',
    'TimeChaos',
    { title: 'Clock skew', description: 'The container sees another time.' },
    `
timeOffset: -10m
clockIds: [CLOCK_REALTIME]`,
    inContainer,
  ),
  fault(
    'dns-error',
    'DNSChaos',
    { title: 'DNS error', description: 'DNS lookups fail.' },
    `
action: error
# With * and ? at the end; all names where there is no pattern
patterns: [example.com]`,
    inContainer,
  ),
  fault(
    'dns-random',
    'DNSChaos',
    { title: 'DNS random answers', description: 'DNS lookups return random addresses.' },
    `
action: random
patterns: [example.com]`,
    inContainer,
  ),
  fault(
    'http-abort',
    'HTTPChaos',
    { title: 'HTTP abort', description: 'HTTP connections are aborted.' },
    `
target: Request
port: 8080
path: "*"
abort: true`,
  ),
  fault(
    'http-delay',
    'HTTPChaos',
    { title: 'HTTP delay', description: 'HTTP requests are delayed.' },
    `
target: Request
port: 8080
path: "*"
delay: 1s`,
  ),
  fault(
    'http-replace',
    'HTTPChaos',
    { title: 'HTTP replaced response', description: 'HTTP responses have another status.' },
    `
target: Response
port: 8080
path: "*"
replace:
  code: 500`,
  ),
  fault(
    'jvm-latency',
    'JVMChaos',
    { title: 'JVM latency', description: 'A Java method takes longer.' },
    `
action: latency
class: com.example.Service
method: answer
# Milliseconds
latency: 1000
port: 9277`,
    inContainer,
  ),
  fault(
    'jvm-exception',
    'JVMChaos',
    { title: 'JVM exception', description: 'A Java method throws.' },
    `
action: exception
class: com.example.Service
method: answer
exception: java.io.IOException("chaos")
port: 9277`,
    inContainer,
  ),
  fault(
    'kernel-memory',
    'KernelChaos',
    { title: 'Kernel fault', description: 'Kernel memory allocations fail.' },
    `
failKernRequest:
  # 0: memory of objects, 1: pages, 2: block I/O
  failtype: 0
  probability: 1
  times: 10
  callchain:
    - funcname: __x64_sys_mount`,
    inContainer,
  ),
  fault(
    'block-delay',
    'BlockChaos',
    { title: 'Block device delay', description: 'Reads and writes of a volume’s device take longer.' },
    `
action: delay
volumeName: data
delay:
  latency: 100ms`,
    inContainer,
  ),
  fault(
    'machine-cpu',
    'PhysicalMachineChaos',
    { title: 'Machine CPU stress', description: 'Uses CPU time on a machine that runs chaosd.' },
    `
action: stress-cpu
mode: all
address: [192.0.2.1:31767]
stress-cpu:
  workers: 1
  load: 100`,
    { machine: true },
  ),
  fault(
    'aws-stop',
    'AWSChaos',
    { title: 'Stop an EC2 instance', description: 'The instance is stopped and restarted at the end.' },
    `
action: ec2-stop
secretName: cloud-key-secret
awsRegion: us-east-2
ec2Instance: i-0123456789abcdef0`,
    { machine: true },
  ),
  fault(
    'azure-stop',
    'AzureChaos',
    { title: 'Stop an Azure machine', description: 'The machine is stopped and restarted at the end.' },
    `
action: vm-stop
secretName: cloud-key-secret
subscriptionID: 00000000-0000-0000-0000-000000000000
resourceGroupName: group
vmName: machine`,
    { machine: true },
  ),
  fault(
    'gcp-stop',
    'GCPChaos',
    { title: 'Stop a Google Cloud instance', description: 'The instance is stopped and restarted at the end.' },
    `
action: node-stop
secretName: cloud-key-secret
project: project
zone: us-central1-a
instance: instance`,
    { machine: true },
  ),
];

/** Objects that hold experiments: the whole spec. */
export const COMPOUND_TEMPLATES: readonly Pick<FaultTemplate, 'id' | 'title' | 'description' | 'kind' | 'spec'>[] = [
  {
    id: 'hourly-delay',
    title: 'Schedule',
    description: 'A recurring experiment.',
    kind: 'Schedule',
    spec: `
# Five fields of cron, or @every
schedule: "@every 1h"
historyLimit: 3
concurrencyPolicy: Forbid
type: NetworkChaos
networkChaos:
  selector:
    <selector>
  mode: one
  action: delay
  delay:
    latency: 100ms
  direction: to
  duration: <duration>`,
  },
  {
    id: 'stress-then-delay',
    title: 'Workflow',
    description: 'Experiments in sequence or in parallel.',
    kind: 'Workflow',
    spec: `
entry: all
templates:
  - name: all
    # Serial: one after another; Parallel: together
    templateType: Serial
    children: [stress, rest, delay]
  - name: stress
    templateType: StressChaos
    # The deadline ends it: an experiment in a workflow has no duration
    deadline: <duration>
    stressChaos:
      selector:
        <selector>
      mode: one
      containerNames: [<container>]
      stressors:
        cpu:
          workers: 1
          load: 100
  - name: rest
    templateType: Suspend
    deadline: 1m
  - name: delay
    templateType: NetworkChaos
    deadline: <duration>
    networkChaos:
      selector:
        <selector>
      mode: one
      action: delay
      delay:
        latency: 100ms
      direction: to`,
  },
];
