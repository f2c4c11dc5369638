import { readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';

/** The JavaScript of a build, relative to its folder. */
export const bundleFiles = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /^(chunks\/)?[^/]+\.m?js$/.test(file));

/**
 * A call of `require` or `import()`, with the name that it asks for. What stands behind a quotation mark is a text, a
 * brace behind the parentheses makes it a method, and a path that is joined leads to one place.
 */
const CALL =
  /(?<![\w.$'"`])(?:require|import|createRequire)\((?!\w+(?:, ?\w+)*\) ?\{|\w+(?:\.default)?\.join\()\s*(?:(["'`])([^"'`]*)\1)?/g;

/**
 * What a bundle asks for at run time and does not bring: Node looks for that in every folder above the extension's, in
 * which others may write. Left out are the editor's API, Node's own modules, and the bundles of the same build.
 */
export function foreignModules(text, bundles, file = '') {
  // Comments of a bundle that is not minified name types by import().
  const code = text.replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');
  const asked = [...code.matchAll(CALL)].map(([call, , name]) => name ?? `${call}…`);
  const known = (name) =>
    name === 'vscode' ||
    isBuiltin(name) ||
    (name.startsWith('.') && bundles.includes(posix.join(posix.dirname(file), name)));
  return [...new Set(asked)].filter((name) => !known(name));
}
