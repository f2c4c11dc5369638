import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { DemoEnd, DemoFacts } from '../../core/cluster/demoCluster';

/** What is run, and where its files are. */
export interface ProcessOptions {
  /** The program and its arguments, without the directory. */
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv | undefined;
  /** Of the kubeconfig; it is made, and removed at the end. */
  directory: string;
  /** What the process writes on its standard error; appended to. */
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
    this.facts = factsFrom(child);
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: string | null): void => {
        const text = shown ? '' : readFileSync(logFile).subarray(from).subarray(-LAST_BYTES).toString();
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

  /** Asks it to end, and ends it after so many milliseconds. */
  async stop(endMs: number): Promise<void> {
    const child = this.#child;
    child.stdin?.end();
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), endMs);
    await this.ended;
    clearTimeout(hard);
  }
}

/** The first line that it prints in JSON. */
function factsFrom(child: ChildProcess): Promise<DemoFacts> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout?.on('error', () => undefined);
    child.stdout?.on('data', (chunk: Buffer) => {
      if (text.includes('\n{"kubeconfig"')) return;
      text = `${text || '\n'}${chunk.toString()}`;
      const line = /\n(\{"kubeconfig".*)\n/.exec(text)?.[1];
      if (line !== undefined) resolve(JSON.parse(line) as DemoFacts);
    });
  });
}
