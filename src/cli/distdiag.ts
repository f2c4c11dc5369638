#!/usr/bin/env node
import path from 'node:path';
import { toAppError } from '../core/base/errors';
import type { Log } from '../core/base/log';
import { readArguments, USAGE, type CliOptions } from './arguments';
import { check } from './check';
import { listExperiments, stopAll } from './experiments';
import { runFiles } from './run';
import { openSession, type CliSession } from './session';

/** Could not run: bad arguments, no cluster, nothing to run. */
const COULD_NOT_RUN = 2;

/** As the setting distdiag.protectedNamespaces has them. */
const PROTECTED_NAMESPACES = ['kube-system', 'kube-public', 'chaos-mesh'];

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const warn = (line: string): void => void process.stderr.write(`${line}\n`);
const log: Log = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: (message) => warn(message),
  error: (message) => warn(message),
};

async function main(): Promise<number> {
  const { command, files, options } = readArguments(process.argv.slice(2));
  if (options.help || command === undefined) {
    say(USAGE);
    return options.help ? 0 : COULD_NOT_RUN;
  }
  if ((command === 'run' || command === 'check') && files.length === 0)
    throw new TypeError(`${command} needs at least one file.`);
  const cancel = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => {
      if (!cancel.signal.aborted) warn(`${name}: everything of the test is being stopped …`);
      cancel.abort();
    });
  switch (command) {
    case 'check':
      return check(files, options, say);
    case 'run':
      return onCluster(options, (session) => runFiles({ files, options, session, signal: cancel.signal, say }));
    case 'experiments':
      return onCluster(options, (session) => listExperiments(session, say));
    case 'stop':
      if (!options.all) throw new TypeError('stop needs --all.');
      return onCluster(options, (session) => stopAll(session, say));
    default:
      throw new TypeError(`"${command}" is no command.`);
  }
}

async function onCluster(options: CliOptions, work: (session: CliSession) => Promise<number>): Promise<number> {
  const { namespace, label, container } = options;
  const session = await openSession({
    kubeconfig: options.kubeconfig,
    context: options.context,
    query: { namespace, labelSelector: label, container },
    prometheusUrl: options.prometheus ?? process.env['PROMETHEUS_URL'] ?? '',
    stepMs: Number(options.step) * 1000,
    protectedContexts: options['protect-context'],
    protectedNamespaces: [...PROTECTED_NAMESPACES, ...options['protect-namespace']],
    log,
    // The bundle is dist/cli/distdiag.js of the project's folder.
    root: path.join(__dirname, '..', '..'),
  });
  try {
    return await work(session);
  } finally {
    session.dispose();
  }
}

main().then(
  (code) => process.exit(code),
  (thrown: unknown) => {
    const { message, hint } = toAppError(thrown);
    warn(`distdiag: ${message}${hint === undefined ? '' : ` ${String(hint)}`}`);
    if (thrown instanceof TypeError) warn('Try distdiag --help.');
    process.exit(COULD_NOT_RUN);
  },
);
