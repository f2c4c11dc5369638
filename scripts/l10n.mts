// npm run l10n: writes l10n/bundle.l10n.json, every text that the editor may show in another language.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * The comment of texts that are written where no editor is known (core, adapters): they are translated where they are
 * shown, by the text itself, and the comment keeps their patterns apart from the user interface's own.
 */
export const CORE = 'core';

/** What the REST API answers is read by programs: it stays as it is. */
const MACHINES = path.join('src', 'adapters', 'rest');

/** A text of the source, with `{0}`, `{1}`, … for what is put into it. */
export interface SourceText {
  message: string;
  core: boolean;
}

/** The key of a text in a bundle, as the editor forms it. */
export const keyOf = ({ message, core }: SourceText): string => (core ? `${message}/${CORE}` : message);

/** Every text of the source, in the order of its files. */
export function extractTexts(): SourceText[] {
  const found = new Map<string, SourceText>();
  for (const room of ['src/core', 'src/adapters', 'src/shared', 'src/ui']) {
    for (const file of filesOf(path.join(root, room))) {
      if (file.includes(MACHINES)) continue;
      const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
      const core = room === 'src/core' || room === 'src/adapters';
      for (const message of core
        ? [...coreTexts(source), ...listedTexts(source, 'REPORT_TEXTS')]
        : [...uiTexts(source), ...listedTexts(source, 'PANEL_TEXTS')]) {
        const text = { message, core };
        found.set(keyOf(text), text);
      }
    }
  }
  return [...found.values()];
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => path.join(folder, file));

function nodesOf(source: ts.SourceFile): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return nodes;
}

/** First arguments of `l10n.t`; throws where one is no literal, since no bundle could hold it. */
function uiTexts(source: ts.SourceFile): string[] {
  return nodesOf(source)
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
function listedTexts(source: ts.SourceFile, list: string): string[] {
  return nodesOf(source)
    .filter(ts.isVariableDeclaration)
    .filter(({ name }) => name.getText(source) === list)
    .flatMap(({ pos, end }) => nodesOf(source).filter((node) => node.pos >= pos && node.end <= end))
    .filter(ts.isStringLiteral)
    .map(({ text }) => text);
}

/** Names of catalogue entries, what a wait reports, and everything that reads like a sentence and is not for the log. */
function coreTexts(source: ts.SourceFile): string[] {
  return nodesOf(source).flatMap((node) => {
    const text = ts.isStringLiteralLike(node) ? node.text : ts.isTemplateExpression(node) ? patternOf(node) : undefined;
    if (text === undefined || isArgument(node, /(^|[.#])log\??\.\w+$/)) return [];
    return isName(node) || isArgument(node, /onProgress/) || isSentence(text) ? [text] : [];
  });
}

const patternOf = ({ head, templateSpans }: ts.TemplateExpression): string =>
  templateSpans.reduce((all, { literal }, i) => `${all}{${i}}${literal.text}`, head.text);

const isArgument = ({ parent }: ts.Node, of: RegExp): boolean =>
  ts.isCallExpression(parent) && of.test(parent.expression.getText());

/** Titles and descriptions: properties of that name, or places in the calls that build the catalogues. */
function isName(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent)) return ['title', 'description'].includes(parent.name.getText());
  if (!ts.isCallExpression(parent)) return false;
  const places = { metric: [1, 4], parameter: [1, 2], setting: [0] }[parent.expression.getText()];
  return places?.includes(parent.arguments.indexOf(node as ts.Expression)) ?? false;
}

/** Begun as a sentence or with something put in, ended likewise, and with two words of its own. */
const isSentence = (text: string): boolean =>
  /^([A-Z]|\{0\}|")/.test(text) &&
  /([.…?!]|\{\d+\})$/.test(text) &&
  (text.replace(/\{\d+\}/g, '').match(/[A-Za-z]{2,}/g) ?? []).length > 1;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bundle = Object.fromEntries(
    extractTexts().map((text) => [keyOf(text), text.core ? { message: text.message, comment: [CORE] } : text.message]),
  );
  writeFileSync(path.join(root, 'l10n/bundle.l10n.json'), `${JSON.stringify(bundle, undefined, 2)}\n`);
  console.log(`${Object.keys(bundle).length} texts`);
}
