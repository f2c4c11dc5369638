import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { DemoEnd, DemoFacts } from '../../core/cluster/demoCluster';

/** What is run, and where its files are. */
export interface ProcessOptions {
  /** The program and its arguments, without the directory. */
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv | undefined;
  /** Of the kubeconfig; it is made, and removed at the end. */
  directory: string;
  /** Receives only the process's standard error; appended to, and removed by the keeper at the end. */
  logFile: string;
  /** Shows that at once, instead. */
  shown?: boolean | undefined;
}

const LAST_LINES = 20;
/** Where the last lines are looked for, bytes from the end. */
const LAST_BYTES = 16_384;

/**
 * One process of a demo cluster. It hears by its standard input that we are gone, however we ended, and is in a group of
 * its own: Ctrl-C in a terminal reaches us, who end it in order.
 */
export class ClusterProcess {
  /** Where it can be reached, when it can; stays open where it ends before. */
  readonly facts: Promise<DemoFacts>;
  readonly ended: Promise<DemoEnd>;
  readonly #child: ChildProcess;

  /** With `resume`, in the place of the one before. */
  constructor(options: ProcessOptions, resume: boolean) {
    const { command, args, env, directory, logFile, shown } = options;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    mkdirSync(path.dirname(logFile), { recursive: true });
    const log = openSync(logFile, 'a', 0o600);
    const from = fstatSync(log).size;
    const started = Date.now();
    const own = ['--with-parent', '--remove-directory', '--directory', directory, ...(resume ? ['--resume'] : [])];
    const child = (this.#child = spawn(command, [...args, ...own], {
      env: env ?? process.env,
      stdio: ['pipe', 'pipe', shown ? 'inherit' : log],
      detached: process.platform !== 'win32',
    }));
    closeSync(log);
    child.stdin?.on('error', () => undefined);
    this.facts = child.stdout ? factsFrom(child.stdout) : new Promise(() => undefined);
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: string | null): void => {
        const text = shown ? '' : lastOf(logFile, from);
        resolve({
          code: code ?? undefined,
          signal: signal ?? undefined,
          outOfMemory: signal === 'SIGABRT' && /heap out of memory|Allocation failed/.test(text),
          ranMs: Date.now() - started,
          lastLines: text.trimEnd().split('\n').slice(-LAST_LINES).filter(Boolean),
          logFile,
        });
      };
      child.once('exit', end);
      child.once('error', () => end(null, null));
    });
  }

  /** Asks the process to end, and kills it after some milliseconds. */
  async stop(endMs: number): Promise<void> {
    const child = this.#child;
    child.stdin?.end();
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), endMs);
    await this.ended;
    clearTimeout(hard);
  }
}

/** The end of a log after a place in it; nothing where somebody has removed it. */
function lastOf(logFile: string, from: number): string {
  try {
    return readFileSync(logFile).subarray(from).subarray(-LAST_BYTES).toString();
  } catch {
    return '';
  }
}

/** The first line in JSON that tells of a cluster, in however many pieces it comes. */
export function factsFrom(output: Readable): Promise<DemoFacts> {
  return new Promise((resolve) => {
    let text = '\n';
    let done = false;
    output.setEncoding('utf8');
    output.on('error', () => undefined);
    output.on('data', (chunk: string) => {
      if (done) return; // read on, so that the process is never held up
      text += chunk;
      const line = /\n(\{"kubeconfig".*)\n/.exec(text)?.[1];
      if (line === undefined) return;
      done = true;
      resolve(JSON.parse(line) as DemoFacts);
    });
  });
}
