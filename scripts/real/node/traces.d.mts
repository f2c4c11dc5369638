/** Removes what runs have left that were killed; their names. */
export function sweep(): Promise<string[]>;
