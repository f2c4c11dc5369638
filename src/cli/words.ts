import path from 'node:path';
import { toAppError } from '../core/base/errors';

/** What the editor's settings and commands are called here: errors say what to do next in the editor's words. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [
    /distdiag\.prometheus\.clientCertificate, clientKey and certificateAuthority/g,
    '--prometheus-cert, --prometheus-key and --prometheus-ca',
  ],
  [/distdiag\.prometheus\.clientCertificate/g, '--prometheus-cert'],
  [/distdiag\.prometheus\.clientKey/g, '--prometheus-key'],
  [/distdiag\.prometheus\.certificateAuthority/g, '--prometheus-ca'],
  [/distdiag\.prometheus\.tenant/g, '--prometheus-tenant'],
  [/distdiag\.prometheus\.url/g, '--prometheus'],
  [/distdiag\.target\.namespace/g, '--namespace'],
  [/distdiag\.chaosNamespace/g, '--namespace'],
  [/distdiag\.target\.labelSelector/g, '--label'],
  [/distdiag\.target\.container/g, '--container'],
  [/distdiag\.protectedContexts/g, '--protect-context'],
  // Some are protected without the option.
  [/ by the setting distdiag\.protectedNamespaces/g, ' (kube-system, kube-public, chaos-mesh and --protect-namespace)'],
  [/distdiag\.protectedNamespaces/g, '--protect-namespace'],
  [/distdiag\.kubeconfig/g, '--kubeconfig'],
  [/distdiag\.metrics\.refreshSeconds/g, '--step'],
  [
    /DistDiag: Set Prometheus Token, DistDiag: Set Prometheus Password/g,
    'DISTDIAG_PROMETHEUS_TOKEN, or DISTDIAG_PROMETHEUS_USERNAME and DISTDIAG_PROMETHEUS_PASSWORD',
  ],
  [/DistDiag: Select Cluster/g, '--context NAME'],
  [/(with )?DistDiag: Choose Prometheus/g, '$1--prometheus URL'],
  [/the setting (?=--)/g, ''],
  [/Check the setting\./g, 'Check the option.'],
  // Those that only the editor has.
  [/DistDiag: [A-Z]\w+(?: (?:in )?[A-Z]\w+)*/g, '“$&” in VS Code'],
];

/** A text of the core in the program's own words. */
export const inOptions = (text: string): string =>
  NAMES.reduce((said, [name, option]) => said.replace(name, option), text);

/** What went wrong and what to do next, in one line. */
export function errorLine(thrown: unknown): string {
  const { message, hint } = toAppError(thrown);
  return inOptions(hint === undefined ? message : `${message} ${String(hint)}`);
}

/** The most mistakes that are told of one file. */
const MOST_LINES = 10;

/** What is wrong, a line each; where it is a lot, the first ones, how many more there are, and how to see them. */
export function firstLines(all: readonly string[], howToSee = ''): string {
  const lines = [...new Set(all)];
  const more = lines.splice(MOST_LINES).length;
  return [...lines, ...(more > 0 ? [`${more} more.${howToSee}`] : [])].join('\n');
}

/** How the program was started, to be said again: from the PATH, or as a script that Node runs. */
export function startedAs(script: string, folder: string): string {
  if (!/\.[cm]?js$/.test(script)) return 'distdiag';
  const near = path.relative(folder, script);
  return `node ${quoted(near.startsWith('..') ? script : near)}`;
}

/** A word for a shell: in quotes, if it needs them. */
export const quoted = (word: string): string =>
  /^[\w./:=@%,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
