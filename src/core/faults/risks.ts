import type { Text } from '../base/text';

/** What may go wrong beyond the fault itself, in plain words. */
export const RISKS = {
  memory: 'If the container exceeds its memory limit, the kernel OOM-kills a process, possibly the database.',
  ioLatency:
    'The volume is remounted through a filter while the database is running. This can crash the database or corrupt files, and asynchronous I/O (io_submit) is not delayed. Use only with disposable data.',
  ioFault:
    'The volume is remounted through a filter while the database is running, and its file operations fail. This can crash the database or corrupt its files. Use only with disposable data.',
  ioMistake:
    'Wrong bytes are read and written: the database files stay corrupted after the experiment ends. Use only with disposable data.',
  podKill:
    'The pod is deleted, and everything not on its volumes is lost. This cannot be undone; its operator creates a new pod.',
  podFailure:
    'The pod’s containers are replaced by idle ones and restart when the experiment ends. A database that loses its majority stops serving.',
  containerKill:
    'The container’s processes are killed without a chance to flush data. This cannot be undone; Kubernetes restarts the container.',
  partition:
    'An isolated part of the database stops serving, and clients may see errors for longer than the partition lasts.',
  clock:
    'A database that trusts its clock may end leases, elections and transactions wrongly, and may store wrong timestamps permanently.',
  dns: 'Requires Chaos Mesh’s own DNS server: without it the injection fails.',
  http: 'A proxy in the pod aborts requests, including Kubernetes probes on that port: the pod may be restarted.',
  kernel:
    'The fault is injected into the kernel of the whole host: every pod on it may be affected, not only the selected ones.',
  cloud: 'A machine outside the cluster is affected, with everything that runs on it.',
  agent: 'An agent is loaded into the Java process and stays there.',
} as const satisfies Readonly<Record<string, Text>>;
