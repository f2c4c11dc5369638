import type { ChaosLanguage } from '../../core/chaosYaml/language';
import { explanationAt, suggestionsAt } from './assist';
import { checkText } from './check';
import { changeOf } from './edits';
import { templates } from './templates';
import { writeObject } from './write';

export { scenarioLanguage } from '../scenario/index';

/** Chaos Mesh's YAML: parser, schemas and rules. */
export function createLanguage(): ChaosLanguage {
  return {
    check: checkText,
    change: changeOf,
    complete: suggestionsAt,
    explain: explanationAt,
    templates,
    write: writeObject,
  };
}
