export function foreignModules(text: string, bundles: readonly string[], file?: string): string[];
/** The JavaScript of a build, relative to its folder. */
export function bundleFiles(folder: string): string[];
