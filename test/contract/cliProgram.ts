import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.join(__dirname, '..', '..');

/** Builds the command line program into a folder; resolves with its file. */
export async function buildProgram(directory: string): Promise<string> {
  const outfile = path.join(directory, 'dist', 'cli', 'distdiag.js');
  const alias = { 'node-fetch': './scripts/host/absent.cjs', 'isomorphic-ws': './scripts/host/absent.cjs' };
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/distdiag.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    logLevel: 'error',
    alias,
  });
  return outfile;
}

/** How a process of the program has ended: a signal has no code. */
export interface ProgramEnd {
  code: number | null;
  output: string;
}

/** Starts the program; `onOutput` hears all that it has written so far. */
export function startProgram(
  program: string,
  args: readonly string[],
  onOutput: (output: string, child: ChildProcess) => void = () => undefined,
): { child: ChildProcess; ended: Promise<ProgramEnd> } {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      output += String(part);
      onOutput(output, child);
    });
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, output }))) };
}
