import { msg } from '../../core/base/text';
import type { RuleFinding } from '../../core/chaosYaml/findings';
import { withoutNulls } from './filled';
import { valueAt } from './otherVersion';
import type { Schema } from './schema';
import { schemaFinding } from './schemaFindings';
import { validate, type SchemaProblem } from './validate';

const at = ({ path }: SchemaProblem): string => path.join('/');

/**
 * What the schema refuses of an object. The API server looks at it once it is filled in: a field that is missing is then
 * there with the zero of its type, which may be right. `refused` are the paths that the webhooks refuse, and `ours` is
 * the schema of the version whose zeros are filled in: what another version's says of a zero counts where ours says so too.
 */
export function schemaProblems(
  schema: Schema,
  ours: Schema,
  given: Readonly<Record<string, unknown>>,
  filled: Readonly<Record<string, unknown>>,
  refused: ReadonlySet<string>,
  /** How a value is written in the text, where it is read as something else. */
  sourceAt: (path: SchemaProblem['path']) => string | undefined,
): { finding: RuleFinding; onKey: boolean }[] {
  const written = validate(schema, withoutNulls(schema, given));
  const left = new Map(validate(schema, filled).map((problem) => [at(problem), problem]));
  const known = new Set(written.map(at));
  const ofOurs = ours === schema ? [...left.values()] : validate(ours, filled);
  const alike = new Set(ofOurs.map((problem) => `${at(problem)} ${problem.keyword}`));
  const found: { finding: RuleFinding; onKey: boolean }[] = [];
  for (const problem of written) {
    const stays = left.has(at(problem)) || refused.has(at(problem)) || problem.path.length < 2;
    const missing = problem.keyword === 'required';
    if (problem.keyword === 'unknown' || stays)
      found.push({ finding: schemaFinding(problem, sourceAt(problem.path)), onKey: problem.keyword === 'unknown' });
    else if (missing) found.push({ finding: takenAsEmpty(problem), onKey: false });
  }
  for (const [path, problem] of left)
    if (!known.has(path) && !isWritten(given, problem.path) && alike.has(`${path} ${problem.keyword}`))
      found.push({ finding: schemaFinding({ ...problem, keyword: 'required', value: undefined }), onKey: false });
  return found;
}

/** A field that is null counts as missing. */
const isWritten = (value: unknown, path: SchemaProblem['path']): boolean =>
  (valueAt(value, path) ?? undefined) !== undefined;

function takenAsEmpty(problem: SchemaProblem): RuleFinding {
  const name = String(problem.path.at(-1) ?? '');
  const finding = schemaFinding(problem);
  return {
    ...finding,
    severity: 'warning',
    message: msg`Missing field "${name}": Chaos Mesh treats it as empty.`,
  };
}
