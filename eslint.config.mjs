import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Imports go one way: [room, what it may not import]. */
const zone = (target, from, message) => ({ target, from, message });
const zones = [
  ...['adapters', 'demo', 'ui', 'webview', 'shared', 'extension.ts'].map((room) =>
    zone('./src/core', `./src/${room}`, 'core imports nothing of the other rooms'),
  ),
  ...['adapters', 'demo', 'ui', 'webview', 'extension.ts'].map((room) =>
    zone('./src/shared', `./src/${room}`, 'shared imports core only'),
  ),
  ...['demo', 'ui', 'webview', 'extension.ts'].map((room) =>
    zone('./src/adapters', `./src/${room}`, 'adapters import core and libraries only'),
  ),
  ...['adapters', 'ui', 'webview', 'shared', 'extension.ts'].map((room) =>
    zone('./src/demo', `./src/${room}`, 'demo imports core and libraries only'),
  ),
  ...['adapters', 'demo', 'ui', 'extension.ts'].map((room) =>
    zone('./src/webview', `./src/${room}`, 'webview imports shared and core only'),
  ),
  ...['adapters', 'demo', 'webview', 'extension.ts'].map((room) =>
    zone('./src/ui', `./src/${room}`, 'ui imports core, shared and vscode only'),
  ),
  ...['core', 'shared', 'adapters', 'demo', 'ui', 'webview'].map((room) =>
    zone(`./src/${room}`, './src/cli', 'nothing imports the command line'),
  ),
  ...['demo', 'webview', 'extension.ts'].map((room) =>
    zone('./src/cli', `./src/${room}`, 'the command line imports core, adapters and the guards of ui'),
  ),
];

const forbid = (files, patterns, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }] },
});

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', '.vscode-test/', 'test/e2e/output/', 'coverage/', '.cache/'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  ...tseslint.configs.recommendedTypeCheckedOnly.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.json'] })] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Outside input is `unknown` until it is parsed, and a parser may make a text of anything.
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off', // calls some necessary that the compiler wants
      // What an AbortSignal or a callee threw is passed on as it is.
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      'no-console': ['error'],
      eqeqeq: ['error', 'always'],
    },
  },
  forbid(
    ['src/core/**/*.ts', 'src/shared/**/*.ts'],
    ['vscode', 'node:*', 'fs', 'path', '@kubernetes/*', '@tensorflow/*', 'axios', 'chart.js'],
    'core and shared are pure: no editor, no network, no Kubernetes client, no TensorFlow',
  ),
  forbid(
    ['src/adapters/**/*.ts', 'src/cli/**/*.ts', 'src/demo/**/*.ts', 'src/webview/**/*.ts'],
    ['vscode'],
    'only ui knows vscode',
  ),
  forbid(
    ['src/ui/**/*.ts', 'src/extension.ts'],
    ['@kubernetes/*', '@tensorflow/*', 'axios', 'chart.js'],
    'heavy libraries live in bundles of their own',
  ),
  {
    // Tests read JSON and stand-ins as they come, and texts in English.
    files: ['test/**/*.ts', 'scripts/**/*.ts'],
    rules: Object.fromEntries(
      ['assignment', 'member-access', 'call', 'return', 'argument']
        .map((what) => `no-unsafe-${what}`)
        .concat('unbound-method', 'restrict-template-expressions')
        .map((rule) => [`@typescript-eslint/${rule}`, 'off']),
    ),
  },
  {
    files: ['scripts/**', 'test/**', 'src/demo/main.ts', '*.js', '*.mjs'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        require: 'readonly',
        module: 'writable',
        __dirname: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
      },
    },
    rules: { 'no-console': 'off', '@typescript-eslint/no-require-imports': 'off' },
  },
);
