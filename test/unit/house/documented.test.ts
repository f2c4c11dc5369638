import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = path.join(__dirname, '../../..');

/** The statements of a source that export something of its own; re-exports carry the comment of what they name. */
const exported = (source: ts.SourceFile): ts.Statement[] =>
  source.statements.filter(
    (statement) =>
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
  );

/** The names that a statement declares. */
const namesOf = (statement: ts.Statement): string[] =>
  ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.map(({ name }) => name.getText())
    : [(statement as ts.DeclarationStatement).name?.getText() ?? 'default'];

/** `file:line name` of every export without a doc comment; the comment of one overload is that of all. */
function undocumented(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const statements = exported(source);
  const commented = statements.filter((statement) => ts.getJSDocCommentsAndTags(statement).length > 0);
  const overloads = new Set(commented.filter(ts.isFunctionDeclaration).flatMap(namesOf));
  return statements
    .filter((statement) => !commented.includes(statement))
    .filter((statement) => !ts.isFunctionDeclaration(statement) || !namesOf(statement).every((n) => overloads.has(n)))
    .map((statement) => {
      const { line } = source.getLineAndCharacterOfPosition(statement.getStart());
      return `${file}:${line + 1} ${namesOf(statement).join(', ')}`;
    });
}

it('every export of the sources says what it is', () => {
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => undocumented(file, readFileSync(path.join(root, 'src', file), 'utf8')))).toEqual([]);
});

it('finds an export without a comment, and no other', () => {
  const text = [
    '/** Said. */',
    'export const said = 1;',
    'export const unsaid = 2, too = 3;',
    '// no doc comment',
    'export interface Shape {}',
    'const own = 4;',
    "export { other } from './other';",
    '/** One way to call it. */',
    'export function twice(a: string): void;',
    'export function twice(a: unknown): void {}',
    'export class Thing {}',
  ].join('\n');
  expect(undocumented('a.ts', text)).toEqual(['a.ts:3 unsaid, too', 'a.ts:5 Shape', 'a.ts:11 Thing']);
});
