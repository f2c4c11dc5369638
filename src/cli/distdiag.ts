import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../core/base/log';
import { argumentsOf, readArguments, type CliOptions } from './commandLine/arguments';
import { check } from './check';
import { prometheusWay } from './credentials';
import { diagnose } from './diagnose';
import { dryRunFiles } from './dryRun';
import { listExperiments, stopAll } from './experiments';
import { helpCommand, helpOf } from './commandLine/help';
import { leftLines, onInterrupt, type InterruptWords } from './interrupt';
import { runFiles } from './run';
import { openSession, type CliSession } from './session';
import { terminalOn } from './terminal';
import { errorLine, quoted, startedAs } from './words';
import { requireWritable } from './writable';

/** Could not run: bad arguments, no cluster, nothing to run. */
const COULD_NOT_RUN = 2;

/** As the setting distdiag.protectedNamespaces has them. */
const PROTECTED_NAMESPACES = ['kube-system', 'kube-public', 'chaos-mesh'];

/** What says again which cluster is meant. */
const OF_CLUSTER = ['kubeconfig', 'context', 'namespace', 'label', 'container'] as const;

/** The package's folder: the bundle is in its `dist`. */
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

const terminal = terminalOn(process.stdout, process.env);
const { say } = terminal;
const warn = (line: string): void => {
  terminal.status('');
  process.stderr.write(`${line}\n`);
};
/** What matters is in results and errors: the log is for those who ask for it. */
const logOf = ({ verbose }: CliOptions): Log => {
  const write = (message: string): void => (verbose ? warn(message) : undefined);
  return { trace: () => undefined, debug: write, info: write, warn: write, error: write };
};

let words: InterruptWords = { first: undefined, second: () => [] };
const signal = onInterrupt(() => words, warn);
// A terminal that is closed takes no more words: what was begun is ended all the same.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', () => {
    if (!words.first) process.exit(COULD_NOT_RUN);
  });

async function main(): Promise<number> {
  const { command, files, options } = readArguments(process.argv.slice(2));
  if (options.version) {
    say(version());
    return 0;
  }
  if (options.help || command === undefined) {
    say(helpOf(command).trimEnd());
    return options.help ? 0 : COULD_NOT_RUN;
  }
  requireWritable(options);
  switch (command) {
    case 'check':
      return check(files, options, say);
    case 'run':
      return onCluster(options, (session) => {
        // There is nothing to end: the program leaves at the first Ctrl+C.
        if (options['dry-run']) return dryRunFiles({ files, options, session, signal, terminal });
        const program = startedAs(process.argv[1] ?? '', process.cwd());
        const stop = `${program} stop --all ${argumentsOf(options, OF_CLUSTER).map(quoted).join(' ')}`.trimEnd();
        words = {
          first: `Everything of the test is being stopped …${process.stdin.isTTY ? ' Press Ctrl+C again to leave at once.' : ''}`,
          second: () => leftLines(session.scenarios.all, stop),
        };
        return runFiles({ files, options, session, signal, terminal }, version());
      });
    case 'diagnose':
      return onCluster(options, (session) => {
        if (options.watch) words = { first: '', second: () => [] };
        return diagnose({ options, session, signal, terminal });
      });
    case 'experiments':
      return onCluster(options, (session) => listExperiments(session, options, say));
    case 'stop':
      return onCluster(options, (session) => stopAll(session, say));
    case 'mcp': {
      const { serveMcp } = await import('./mcp/server');
      // Its own stdout is the protocol's.
      return serveMcp({
        root,
        version: version(),
        allowInject: options['allow-inject'],
        open: () => open(options),
        log: logOf(options),
      });
    }
  }
}

const version = (): string =>
  (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }).version;

async function open(options: CliOptions): Promise<CliSession> {
  const { namespace, label, container } = options;
  const prometheus = prometheusWay(options, process.env);
  for (const warning of prometheus.warnings) warn(warning);
  return openSession({
    kubeconfig: options.kubeconfig,
    context: options.context,
    query: { namespace, labelSelector: label, container },
    prometheus,
    stepMs: Number(options.step) * 1000,
    protectedContexts: options['protect-context'],
    protectedNamespaces: [...PROTECTED_NAMESPACES, ...options['protect-namespace']],
    log: logOf(options),
    root,
  });
}

async function onCluster(options: CliOptions, work: (session: CliSession) => Promise<number>): Promise<number> {
  const session = await open(options);
  try {
    return await work(session);
  } finally {
    session.dispose();
  }
}

/** A pipe may take what was written only later. */
const leave = (code: number): void => void process.stdout.write('', () => process.exit(code));

main().then(leave, (thrown: unknown) => {
  warn(`distdiag: ${errorLine(thrown)}`);
  if (thrown instanceof TypeError) warn(`Try ${helpCommand(process.argv.slice(2))}.`);
  leave(COULD_NOT_RUN);
});
