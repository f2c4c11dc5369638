/** What may go wrong beyond the fault itself, in plain words. */
export const RISKS = {
  memory: 'When the container passes its memory limit the kernel ends a process in it, and that may be the database.',
  ioLatency:
    'The volume is mounted anew through a filter while the database runs: it may stop or damage files, and asynchronous I/O (io_submit) is not delayed. Use it only on data that you can lose.',
  ioFault:
    'The volume is mounted anew through a filter while the database runs, and its file operations fail: the database may stop or damage its files. Use it only on data that you can lose.',
  ioMistake:
    'Wrong bytes are read and written: the database’s files are damaged for good, also after the experiment has ended. Use it only on data that you can lose.',
  podKill:
    'The pod is deleted, and what is not on its volumes is lost. Nothing can be undone; its operator makes a new one.',
  podFailure:
    'The pod’s containers are replaced by ones that do nothing and start anew when it ends. A database that loses its majority stops serving.',
  containerKill:
    'The container’s processes are killed without a chance to write. Nothing can be undone; Kubernetes starts it again.',
  partition:
    'A part of the database that is cut off stops serving, and clients may see errors for longer than the partition lasts.',
  clock:
    'A database that trusts its clock may end leases, elections and transactions wrongly, and may store wrong times for good.',
  dns: 'Names are resolved by Chaos Mesh’s own DNS server, which has to be installed: else the injection fails.',
  http: 'Requests are cut by a proxy in the pod, which also answers those of Kubernetes’s probes on that port: the pod may be restarted.',
  kernel: 'The kernel of the whole host is made to fail: every pod on it may be hit, not the chosen ones alone.',
  cloud: 'A machine outside the cluster is hit, and all that runs on it.',
  agent: 'An agent is loaded into the Java process, and stays in it.',
} as const;
