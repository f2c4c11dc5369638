import type { OptionName } from './options';

/** A command of the program as its help tells it. */
export interface CliCommand {
  /** What follows its name. */
  takes: string;
  summary: string;
  options: readonly OptionName[];
  /** Those of the options whose file may be left out, which then write to standard output, with what their help says here. */
  toStdout?: Partial<Readonly<Record<OptionName, string>>>;
  /** What its exit codes mean, and what else has to be known. */
  notes: string;
}

const CLUSTER = ['kubeconfig', 'context', 'namespace', 'label', 'container'] as const;
const METRICS = [
  'prometheus',
  'prometheus-tenant',
  'prometheus-ca',
  'prometheus-cert',
  'prometheus-key',
  'step',
] as const;
const GUARDS = ['protect-context', 'protect-namespace'] as const;

const CREDENTIALS = `A token or a password for --prometheus is read from the environment:
DISTDIAG_PROMETHEUS_TOKEN, or DISTDIAG_PROMETHEUS_USERNAME and DISTDIAG_PROMETHEUS_PASSWORD.`;

/** What says where a cluster and its metrics are: every command that needs a cluster takes it, so that one set of options does for all. */
export const CONNECTION: readonly OptionName[] = [...CLUSTER, ...METRICS, ...GUARDS, 'verbose'];

/** Every command of the program. */
export const CLI_COMMANDS = {
  run: {
    takes: 'FILE…',
    summary: 'runs scenarios that expect something as tests, one after another',
    options: [...CLUSTER, ...METRICS, ...GUARDS, 'confirm-context', 'force', 'dry-run', 'junit', 'json', 'html'],
    notes: `Ctrl+C stops everything of the test that runs. A second one leaves at once; each fault still ends by itself.
${CREDENTIALS}

Exit codes: 0 passed, 1 failed, 2 could not run or is inconclusive, 3 aborted. The highest of all files counts.
With --dry-run: 0 every test could run and the database is steady, 2 if not, 3 interrupted. It needs no --confirm-context.`,
  },
  check: {
    takes: 'FILE…',
    summary: 'checks Chaos Mesh YAML and scenario files; needs no cluster',
    options: ['namespace', 'label', 'container', 'json'],
    toStdout: { json: 'prints the findings as JSON instead, or writes them to FILE' },
    notes: `Prints file:line:column: severity: message, and how many files were checked.

Exit codes: 0 no errors, 1 errors, 2 a file cannot be read, or none is a scenario or a Chaos Mesh object.`,
  },
  diagnose: {
    takes: '',
    summary: 'says which node has which anomaly',
    options: [...CLUSTER, ...METRICS, 'watch', 'json'],
    toStdout: { json: 'prints the diagnosis as JSON instead, or writes it to FILE' },
    notes: `${CREDENTIALS}

Exit codes: 0 no anomaly detected, 1 anomalous, 2 not known. With --watch: 0 after Ctrl+C.`,
  },
  experiments: {
    takes: '',
    summary: 'lists the experiments of the cluster',
    options: [...CLUSTER, 'json'],
    toStdout: { json: 'prints the list as JSON instead, or writes it to FILE' },
    notes: `Prints phase, namespace/name, ours or others, what it does, and its pods, with tabs between them.

Exit codes: 0 listed, 2 not everything could be listed.`,
  },
  stop: {
    takes: '--all',
    summary: 'stops everything that DistDiag started on the cluster',
    options: [...CLUSTER, 'all'],
    notes: `Experiments of others are left alone.

Exit codes: 0 nothing of ours acts any more, 1 something may still act, 2 no cluster.`,
  },
  mcp: {
    takes: '',
    summary: 'serves the tools for agents over stdio (Model Context Protocol)',
    options: [...CLUSTER, ...METRICS, ...GUARDS, 'allow-inject'],
    notes: `Agents name their pods, and are refused what is protected, a majority, and whatever a person would be warned of.
${CREDENTIALS}`,
  },
} as const satisfies Readonly<Record<string, CliCommand>>;

/** The name of a command. */
export type CommandName = keyof typeof CLI_COMMANDS;
