import type { RuleFinding } from '../../core/chaosYaml/findings';
import { withoutNulls } from './filled';
import type { Schema } from './schema';
import { schemaFinding } from './schemaFindings';
import { validate, type SchemaProblem } from './validate';

const at = ({ path }: SchemaProblem): string => path.join('/');

/**
 * What the schema refuses of an object. The API server looks at it once it is filled in: a field that is missing is then
 * there with the zero of its type, which may be right. `refused` are the paths that the webhooks refuse.
 */
export function schemaProblems(
  schema: Schema,
  given: Readonly<Record<string, unknown>>,
  filled: Readonly<Record<string, unknown>>,
  refused: ReadonlySet<string>,
  /** How a value is written in the text, where it is read as something else. */
  sourceAt: (path: SchemaProblem['path']) => string | undefined,
): { finding: RuleFinding; onKey: boolean }[] {
  const written = validate(schema, withoutNulls(schema, given));
  const left = new Map(validate(schema, filled).map((problem) => [at(problem), problem]));
  const known = new Set(written.map(at));
  const found: { finding: RuleFinding; onKey: boolean }[] = [];
  for (const problem of written) {
    const stays = left.has(at(problem)) || refused.has(at(problem)) || problem.path.length < 2;
    const missing = problem.keyword === 'required';
    if (problem.keyword === 'unknown' || stays)
      found.push({ finding: schemaFinding(problem, sourceAt(problem.path)), onKey: problem.keyword === 'unknown' });
    else if (missing) found.push({ finding: takenAsEmpty(problem), onKey: false });
  }
  for (const [path, problem] of left)
    if (!known.has(path) && !isWritten(given, problem.path))
      found.push({ finding: schemaFinding({ ...problem, keyword: 'required', value: undefined }), onKey: false });
  return found;
}

const isWritten = (value: unknown, path: SchemaProblem['path']): boolean => {
  let inner: unknown = value;
  for (const key of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return false;
    inner = (inner as Record<string | number, unknown>)[key];
  }
  return inner !== null;
};

function takenAsEmpty(problem: SchemaProblem): RuleFinding {
  const name = String(problem.path.at(-1) ?? '');
  const finding = schemaFinding(problem);
  return {
    ...finding,
    severity: 'warning',
    message: `The field "${name}" is missing: Chaos Mesh takes it for empty.`,
  };
}
