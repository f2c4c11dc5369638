/** An option of the program: how Node's parser reads it, and what its help says. */
export interface Option {
  type: 'string' | 'boolean';
  multiple?: true;
  short?: string;
  default?: string | boolean | string[];
  /** What stands for its value in the help. */
  value?: string;
  help: string;
}

/** Every option; which command takes which is in commands.ts. */
export const OPTIONS = {
  kubeconfig: { type: 'string', default: '', value: 'FILE', help: 'default: KUBECONFIG, then ~/.kube/config' },
  context: { type: 'string', default: '', value: 'NAME', help: "default: the kubeconfig's current context" },
  namespace: { type: 'string', default: 'oceanbase', value: 'NAME', help: "of the database's pods (oceanbase)" },
  label: {
    type: 'string',
    default: 'ref-obcluster',
    value: 'SELECTOR',
    help: "of the database's pods (ref-obcluster)",
  },
  container: { type: 'string', default: 'observer', value: 'NAME', help: 'of the database (observer)' },
  prometheus: { type: 'string', value: 'URL', help: 'default: PROMETHEUS_URL, else found in the cluster' },
  'prometheus-tenant': { type: 'string', default: '', value: 'NAME', help: 'sent as X-Scope-OrgID' },
  'prometheus-ca': {
    type: 'string',
    default: '',
    value: 'FILE',
    help: "PEM of the authority that signed Prometheus's certificate",
  },
  'prometheus-cert': { type: 'string', default: '', value: 'FILE', help: 'PEM of a client certificate for Prometheus' },
  'prometheus-key': { type: 'string', default: '', value: 'FILE', help: 'PEM of its key' },
  step: { type: 'string', default: '15', value: 'SECONDS', help: 'between samples (15)' },
  'protect-context': {
    type: 'string',
    multiple: true,
    default: [] as string[],
    value: 'NAME',
    help: 'may be repeated; a pattern with * and ?',
  },
  'protect-namespace': {
    type: 'string',
    multiple: true,
    default: [] as string[],
    value: 'NAME',
    help: 'besides kube-system, kube-public and chaos-mesh; may be repeated',
  },
  'confirm-context': { type: 'string', value: 'NAME', help: 'agrees to faults on what is protected, or on a majority' },
  force: { type: 'boolean', default: false, help: 'injects although the database is not in its steady state' },
  'dry-run': {
    type: 'boolean',
    default: false,
    help: 'shows targets, impact and baselines, and whether the database is steady; injects nothing',
  },
  junit: { type: 'string', value: 'FILE', help: 'writes the results as JUnit XML' },
  json: { type: 'string', value: 'FILE', help: 'writes the results as JSON' },
  html: { type: 'string', value: 'FILE', help: 'writes the results as one HTML page, with charts' },
  watch: { type: 'boolean', default: false, help: 'goes on until Ctrl+C, and tells every change' },
  all: { type: 'boolean', default: false, help: 'everything that DistDiag started' },
  'allow-inject': {
    type: 'boolean',
    default: false,
    help: 'lets the agent inject and stop, in --context; without it, it can only read',
  },
  verbose: { type: 'boolean', default: false, help: 'writes the log to stderr' },
  help: { type: 'boolean', short: 'h', default: false, help: 'shows this' },
  version: { type: 'boolean', default: false, help: 'shows the version' },
} as const satisfies Readonly<Record<string, Option>>;

/** The name of an option, without its dashes. */
export type OptionName = keyof typeof OPTIONS;
