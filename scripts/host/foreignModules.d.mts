export function foreignModules(text: string, bundles: readonly string[]): string[];
