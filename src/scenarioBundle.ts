import type * as language from './adapters/language/index';
import type { ScenarioLanguage } from './core/scenario/text';

/** Reads and writes scenario files; the YAML parser is loaded at the first call. */
export function scenarioLanguage(): ScenarioLanguage {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a separate bundle, so that activation does not load it
  return (require('./language') as typeof language).scenarioLanguage;
}
