import { parseArgs } from 'node:util';

/** What the program can be asked. */
export const USAGE = `Usage: distdiag COMMAND [OPTIONS]

  run FILE…         runs scenarios that expect something as tests, one after another
  check FILE…       checks Chaos Mesh YAML and scenario files; needs no cluster
  experiments       lists the experiments of the cluster
  stop --all        stops everything that DistDiag started on the cluster

Options:
  --kubeconfig FILE         default: KUBECONFIG, then ~/.kube/config
  --context NAME            default: the kubeconfig's current context
  --namespace NAME          of the database's pods (default: oceanbase)
  --label SELECTOR          of the database's pods (default: ref-obcluster)
  --container NAME          of the database (default: observer)
  --prometheus URL          default: PROMETHEUS_URL, else found in the cluster
  --step SECONDS            between samples (default: 15)
  --protect-context NAME    may be repeated; a pattern with * and ?
  --protect-namespace NAME  besides kube-system, kube-public and chaos-mesh; may be repeated
  --confirm-context NAME    agrees to faults on what is protected, or on a majority
  --force                   injects although the database is not in its steady state
  --junit FILE              writes the results as JUnit XML
  --json FILE               writes the results as JSON

Exit codes of run: 0 passed, 1 failed, 2 could not run or is inconclusive, 3 aborted
`;

const OPTIONS = {
  kubeconfig: { type: 'string', default: '' },
  context: { type: 'string', default: '' },
  namespace: { type: 'string', default: 'oceanbase' },
  label: { type: 'string', default: 'ref-obcluster' },
  container: { type: 'string', default: 'observer' },
  prometheus: { type: 'string' },
  step: { type: 'string', default: '15' },
  'protect-context': { type: 'string', multiple: true, default: [] as string[] },
  'protect-namespace': { type: 'string', multiple: true, default: [] as string[] },
  'confirm-context': { type: 'string' },
  force: { type: 'boolean', default: false },
  junit: { type: 'string' },
  json: { type: 'string' },
  all: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** The command line as it was read; throws TypeError for what is not known. */
export const readArguments = (
  args: readonly string[],
): { command: string | undefined; files: string[]; options: CliOptions } => {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [command, ...files] = positionals;
  if (!/^[1-9]\d{0,2}$/.test(values.step)) throw new TypeError('--step must be whole seconds from 1 to 999.');
  return { command, files, options: values };
};

/** All options with their defaults. */
export type CliOptions = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>['values'];
