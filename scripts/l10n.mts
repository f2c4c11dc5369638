// npm run l10n: writes l10n/bundle.l10n.json, every text that the editor may show in another language.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** The comment of texts that are written where no editor is known (core, adapters); it keeps them apart from the user interface's own. */
export const CORE = 'core';

/** What is read by programs, agents and terminals stays as it is; the demo cluster speaks as Kubernetes does. */
const PROGRAMS_READ = ['src/adapters/rest/', 'src/ui/scripting/', 'src/cli/', 'src/demo/'];
/** Where the type `Text` and the tag `msg` are: what tells a text from other strings. */
const TEXT = 'src/core/base/text.ts';

/** A text of the source, with `{0}`, `{1}`, … for what is put into it. */
export interface SourceText {
  message: string;
  core: boolean;
}

/** Core first, then adapters, shared and the views: the order of the bundles. */
const byRoom = (a: string, b: string): number => roomOf(a) - roomOf(b) || (a < b ? -1 : 1);
const ROOMS = ['src/ui/', 'src/shared/', 'src/adapters/', 'src/core/'];
const roomOf = (file: string): number => -ROOMS.findIndex((room) => file.startsWith(room));

/** The key of a text in a bundle, as the editor forms it. */
export const keyOf = ({ message, core }: SourceText): string => (core ? `${message}/${CORE}` : message);

/** Every text of the source in the order of its files, and the places where one could not be looked up (file:line). */
export function extractTexts(): { texts: SourceText[]; lost: string[] } {
  const program = programOf('src/tsconfig.json');
  const checker = program.getTypeChecker();
  const found = new Map<string, SourceText>();
  const lost: string[] = [];
  const sources = new Map(program.getSourceFiles().map((source) => [nameOf(source), source]));
  for (const file of [...sources.keys()].filter((name) => name.startsWith('src/')).sort(byRoom)) {
    const source = sources.get(file) as ts.SourceFile;
    const nodes = nodesOf(source);
    const take = (core: boolean) => (message: string) => {
      if (!core || WORD.test(message)) found.set(keyOf({ message, core }), { message, core });
    };
    uiTexts(nodes, source).forEach(take(false));
    listedTexts(nodes, 'PANEL_TEXTS').forEach(take(false));
    if (PROGRAMS_READ.some((folder) => file.startsWith(folder))) continue;
    nodes.flatMap((node) => coreText(node, checker) ?? []).forEach(take(true));
    listedTexts(nodes, 'REPORT_TEXTS').forEach(take(true));
    const line = (node: ts.Node): number => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    for (const node of nodes) if (isLost(node, checker)) lost.push(`${file}:${line(node)} ${node.getText()}`);
  }
  return { texts: [...found.values()], lost };
}

const nameOf = ({ fileName }: ts.SourceFile): string => path.relative(root, fileName).replaceAll(path.sep, '/');

function programOf(config: string): ts.Program {
  const file = path.join(root, config);
  const { fileNames, options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(file, (name) => ts.sys.readFile(name)).config,
    ts.sys,
    path.dirname(file),
  );
  return ts.createProgram(fileNames, options);
}

function nodesOf(within: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(within);
  return nodes;
}

/** First arguments of `l10n.t`; throws where one is no literal, since no bundle could hold it. */
function uiTexts(nodes: readonly ts.Node[], source: ts.SourceFile): string[] {
  return nodes
    .filter(ts.isCallExpression)
    .filter(({ expression }) => /(^|\.)l10n\.t$/.test(expression.getText(source)))
    .flatMap((call) => {
      const [first] = call.arguments;
      if (first && ts.isStringLiteralLike(first)) return [first.text];
      if (first && ts.isObjectLiteralExpression(first)) return []; // a text of the core, by its comment
      throw new Error(`${source.fileName}: l10n.t takes a literal, not ${first?.getText(source)}`);
    });
}

/** The elements of a list of texts: what the panel's page says by itself, and what a report says. */
const listedTexts = (nodes: readonly ts.Node[], list: string): string[] =>
  nodes
    .filter(ts.isVariableDeclaration)
    .filter(({ name }) => name.getText() === list)
    .flatMap(nodesOf)
    .filter(ts.isStringLiteral)
    .map(({ text }) => text);

/** A template with the tag `msg`, or a literal where a Text is expected. */
function coreText(node: ts.Node, checker: ts.TypeChecker): string | undefined {
  if (ts.isTaggedTemplateExpression(node) && ts.isTemplateExpression(node.template))
    return isOfText(checker.getTypeAtLocation(node)) ? patternOf(node.template) : undefined;
  return ts.isStringLiteralLike(node) && isText(expectedOf(node, checker)) ? node.text : undefined;
}

const patternOf = ({ head, templateSpans }: ts.TemplateExpression): string =>
  templateSpans.reduce((all, { literal }, i) => `${all}{${i}}${literal.text}`, head.text);

/** A string with words that is put together where a Text is expected, or a constant that says so of it by no type. */
function isLost(node: ts.Node, checker: ts.TypeChecker): boolean {
  if (!ts.isExpression(node) || !isText(expectedOf(node, checker))) return false;
  if (!ts.isIdentifier(node)) return WORD.test(putTogether(node));
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  const constant = symbol?.valueDeclaration;
  if (!constant || !ts.isVariableDeclaration(constant) || constant.type || !constant.initializer) return false;
  return SENTENCE.test(writtenIn(constant.initializer));
}

const WORD = /\p{L}/u;
/** Of a constant that is put into a text, a single word may be a name or a unit. */
const SENTENCE = /\p{L} \p{L}/u;

/** The own words of a string that is put together without the tag; '' of any other. */
function putTogether(node: ts.Node): string {
  if (ts.isTemplateExpression(node) && !ts.isTaggedTemplateExpression(node.parent)) return patternOf(node);
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return '';
  return `${writtenIn(node.left)}${writtenIn(node.right)}`;
}

function writtenIn(value: ts.Expression): string {
  if (ts.isConditionalExpression(value)) return `${writtenIn(value.whenTrue)}|${writtenIn(value.whenFalse)}`;
  return ts.isStringLiteralLike(value) ? value.text : putTogether(value);
}

function expectedOf(node: ts.Node, checker: ts.TypeChecker): ts.Type | undefined {
  if (!ts.isShorthandPropertyAssignment(node.parent))
    return ts.isExpression(node) ? checker.getContextualType(node) : undefined;
  const expected = checker.getContextualType(node.parent.parent);
  // Optional arguments: of a union with undefined no property is found.
  const property = expected && checker.getNonNullableType(expected).getProperty(node.getText());
  return property && checker.getTypeOfSymbolAtLocation(property, node);
}

const isText = (type: ts.Type | undefined): boolean => type?.isUnion() === true && type.types.some(isOfText);

const isOfText = (type: ts.Type): boolean =>
  type.symbol?.name === 'Message' &&
  type.symbol.declarations?.some((one) => nameOf(one.getSourceFile()) === TEXT) === true;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { texts, lost } = extractTexts();
  if (lost.length > 0) {
    console.error(
      `Texts that cannot be looked up; tag them with msg, or give a constant the type Text:\n${lost.join('\n')}`,
    );
    process.exit(1);
  }
  const bundle = Object.fromEntries(
    texts.map((text) => [keyOf(text), text.core ? { message: text.message, comment: [CORE] } : text.message]),
  );
  writeFileSync(path.join(root, 'l10n/bundle.l10n.json'), `${JSON.stringify(bundle, undefined, 2)}\n`);
  console.log(`${texts.length} texts`);
}
