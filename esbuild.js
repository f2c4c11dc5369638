// Builds every bundle. `--watch` rebuilds on change, `--production` minifies, `--only=a,b` builds some.
const esbuild = require('esbuild');
const {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} = require('node:fs');
const path = require('node:path');

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const only = process.argv
  .find((arg) => arg.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');

const node = {
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'], // TensorFlow's backends register by side effect in their module entry only
  external: ['vscode'],
  alias: { 'node-fetch': './scripts/host/absent.cjs', 'isomorphic-ws': './scripts/host/absent.cjs' },
  logOverride: { 'import-is-undefined': 'error' },
};

const cli = existsSync('scripts/cli') ? readdirSync('scripts/cli').filter((file) => file.endsWith('.ts')) : [];

/** A suite that runs inside the editor, in a folder of its own under out/. */
const suite = (folder) => ({
  ...node,
  external: ['vscode', 'mocha'],
  entryPoints: Object.fromEntries([
    ['index', 'test/vscode/index.ts'],
    ...readdirSync(folder)
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => [file.replace(/\.ts$/, ''), `${folder}/${file}`]),
  ]),
});

/** Modules, so that `import()` of a heavy library is a chunk that is loaded at its first use. */
const modules = {
  ...node,
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  // Libraries in CommonJS ask for Node's modules by `require`.
  banner: { js: "import { createRequire as $require } from 'node:module'; const require = $require(import.meta.url);" },
};

const bundles = {
  // The command line has the chunks of the extension: both ship together.
  extension: {
    ...modules,
    entryPoints: { extension: 'src/extension.ts', distdiag: 'src/cli/distdiag.ts' },
    outdir: 'dist',
  },
  scorer: { ...node, entryPoints: { scorer: 'src/adapters/tensorflow/worker.ts' }, outdir: 'dist' },
  keeper: { ...node, entryPoints: { keeper: 'src/adapters/demo/index.ts' }, outdir: 'dist' },
  demo: { ...node, entryPoints: { demo: 'src/demo/main.ts' }, outdir: 'dist' },
  webview: {
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    entryPoints: { webview: 'src/webview/main.ts' },
    outdir: 'dist',
  },
  cli: {
    ...node,
    external: ['vscode', 'esbuild', 'playwright-core'],
    entryPoints: Object.fromEntries(cli.map((file) => [path.basename(file, '.ts'), `scripts/cli/${file}`])),
    outdir: 'dist/cli',
  },
  suite: { ...suite('test/vscode'), outdir: 'out/suite' },
  installed: { ...suite('test/installed'), outdir: 'out/installed' },
  hostBench: { ...suite('test/bench/host'), entryPoints: { index: 'test/bench/host/index.ts' }, outdir: 'out/bench' },
};

/** Bundles that are no part of the extension. */
const SUPPORT = ['cli', 'suite', 'installed', 'hostBench'];

/** The files whose code is in what was built. */
const sourcesOf = ({ outputs }) =>
  Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => file),
  );

async function main() {
  const wanted = Object.entries(bundles).filter(([name]) => !only || only.includes(name));
  if (!only && !watch) rmSync('dist', { recursive: true, force: true });
  mkdirSync('dist', { recursive: true });
  // The WebAssembly files must lie beside the bundle that loads them.
  const wasm = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  for (const file of readdirSync(path.join(wasm, 'wasm-out')).filter((name) => name.endsWith('.wasm'))) {
    copyFileSync(path.join(wasm, 'wasm-out', file), path.join('dist', file));
  }
  // What people and npm start: the command line itself is a module.
  mkdirSync('dist/cli', { recursive: true });
  copyFileSync('scripts/host/distdiag.cjs', 'dist/cli/distdiag.js');
  chmodSync('dist/cli/distdiag.js', 0o755);
  const shipped = only && existsSync('dist/inputs.json') ? JSON.parse(readFileSync('dist/inputs.json', 'utf8')) : {};
  for (const [name, options] of wanted) {
    const entries = Object.values(options.entryPoints);
    const missing = entries.filter((file) => !existsSync(file));
    if (entries.length === 0 || missing.length > 0) {
      if (missing.length > 0) throw new Error(`bundle ${name}: no ${missing.join(', ')}`);
      continue;
    }
    const settings = {
      bundle: true,
      sourcemap: production ? false : 'linked',
      minify: production,
      keepNames: false,
      logLevel: 'warning',
      legalComments: 'none',
      metafile: true,
      ...options,
    };
    if (watch) {
      const context = await esbuild.context(settings);
      await context.watch();
    } else {
      const { metafile } = await esbuild.build(settings);
      if (!SUPPORT.includes(name)) shipped[name] = sourcesOf(metafile);
      if (name === 'extension') writeFileSync('dist/extension.meta.json', JSON.stringify(metafile));
    }
  }
  if (!watch) writeFileSync('dist/inputs.json', JSON.stringify(shipped));
  if (watch) console.log('watching');
}

module.exports = { bundles };
if (require.main === module)
  main().catch((error) => {
    console.error(error.message ?? error);
    process.exit(1);
  });
