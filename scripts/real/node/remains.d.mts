export function processesOf(name: string): number[];
export function namespacesOf(processes: readonly number[]): Set<string>;
export function inhabited(namespaces: ReadonlySet<string>): string[];
export function tracesOf(name: string): string[];
