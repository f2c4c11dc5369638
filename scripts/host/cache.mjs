import { homedir } from 'node:os';
import path from 'node:path';

/** Where downloaded editors are kept between runs and clones, and the logs of what was installed. */
export const cacheDirectory = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'distdiag');
