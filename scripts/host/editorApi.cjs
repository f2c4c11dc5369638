// The editor's API as bundles read it.
const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

/** The names of the values that the editor's API has: classes, enumerations, namespaces, constants. */
function editorNames() {
  const text = readFileSync(require.resolve('@types/vscode/index.d.ts'), 'utf8');
  const declared = /^\texport (?:abstract )?(?:class|enum|namespace|const|let|function) (\w+)/gm;
  return [...new Set([...text.matchAll(declared)].map(([, name]) => name))];
}

/**
 * Reads the members that the code uses once a bundle. `import * as vscode` of a module outside of the bundle would ask
 * the editor for it once a file, and copy each of its members for each of them.
 */
const editorApi = (sources) => ({
  name: 'editor-api',
  setup(build) {
    build.onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'editor' ? { path: 'vscode', external: true } : { path: 'vscode', namespace: 'editor' },
    );
    build.onLoad({ filter: /.*/, namespace: 'editor' }, () => {
      const files = readdirSync(sources, { recursive: true })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => path.join(sources, file));
      const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
      const named = [...text.matchAll(/^import \{([^}]*)\} from 'vscode';/gm)].map(([, names]) => names).join();
      const used = new Set(
        [...text.matchAll(/\bvscode\.(\w+)/g)].map(([, name]) => name).concat(named.match(/\w+/g) ?? []),
      );
      const members = editorNames().filter((name) => used.has(name));
      return {
        contents: `export const { ${members.join(', ')} } = require('vscode');`,
        watchFiles: files.map((file) => path.resolve(file)),
      };
    });
  },
});

module.exports = { editorApi, editorNames };
