import { spawn, type ChildProcess } from 'node:child_process';
import { build, type BuildOptions, type Metafile } from 'esbuild';
import { copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.join(__dirname, '../..');
const { bundles } = createRequire(import.meta.url)('../../esbuild.js') as { bundles: Record<string, BuildOptions> };

/** Builds the command line into a folder as the package has it, and resolves with what is started. */
export async function buildProgram(folder: string): Promise<string> {
  const dist = path.join(folder, 'dist');
  const common = { absWorkingDir: root, bundle: true, logLevel: 'error' } as const;
  const [{ metafile }] = await Promise.all([
    build({
      ...common,
      ...bundles['extension'],
      entryPoints: { distdiag: 'src/cli/distdiag.ts' },
      external: [], // nothing of it may load the editor's API
      outdir: dist,
      metafile: true,
    }),
    build({ ...common, ...bundles['scorer'], outdir: dist }),
  ]);
  writeFileSync(path.join(dist, 'extension.meta.json'), inFolder(metafile, folder));
  const wasm = path.join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out');
  for (const file of readdirSync(wasm).filter((name) => name.endsWith('.wasm')))
    copyFileSync(path.join(wasm, file), path.join(dist, file));
  for (const file of ['package.json', 'package.nls.json']) copyFileSync(path.join(root, file), path.join(folder, file));
  symlinkSync(path.join(root, 'models'), path.join(folder, 'models'));
  mkdirSync(path.join(dist, 'cli'));
  copyFileSync(path.join(root, 'scripts/host/distdiag.cjs'), path.join(dist, 'cli/distdiag.js'));
  return path.join(dist, 'cli/distdiag.js');
}

/** The build's files by their places in the folder, as in a build of the project. */
function inFolder({ outputs }: Metafile, folder: string): string {
  const place = (file: string): string => path.relative(folder, path.resolve(root, file)).replaceAll(path.sep, '/');
  const found = Object.entries(outputs).map(([file, { imports, ...rest }]) => [
    place(file),
    { ...rest, imports: imports.map((one) => (one.external ? one : { ...one, path: place(one.path) })) },
  ]);
  return JSON.stringify({ outputs: Object.fromEntries(found) });
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
