import type * as language from './adapters/language/index';
import type { ChaosLanguage } from './core/language';

/** Chaos Mesh's YAML: its parser and schemas are in a bundle that is loaded when the first such document is open. */
export function lazyLanguage(): () => ChaosLanguage {
  let loaded: ChaosLanguage | undefined;
  return () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a separate bundle, so that activation does not load it
    loaded ??= (require('./language') as typeof language).createLanguage();
    return loaded;
  };
}
