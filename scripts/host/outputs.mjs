/** A file of a build with what it imports, by esbuild's metafile: at once, or with `always` everything that it may ever load. */
export function reachable(outputs, name, always = false, seen = new Set()) {
  if (seen.has(name) || !outputs[name]) return [];
  seen.add(name);
  const imports = outputs[name].imports.filter(({ kind }) => always || kind === 'import-statement');
  return [name, ...imports.flatMap(({ path }) => reachable(outputs, path, always, seen))];
}
