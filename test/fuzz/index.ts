import { fileTargets } from './files';
import { KUBERNETES } from './kubernetes';
import { PANEL } from './panel';
import { PROMETHEUS } from './prometheus';
import type { FuzzTarget } from './run';
import { TEXTS } from './texts';

export { fuzz } from './run';

/** Every reader of outside input that needs no editor. */
export const fuzzTargets = (): FuzzTarget[] => [...KUBERNETES, ...PROMETHEUS, ...PANEL, ...TEXTS, ...fileTargets()];
