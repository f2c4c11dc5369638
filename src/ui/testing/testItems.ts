import * as vscode from 'vscode';
import { toAppError } from '../../core/base/errors';
import type { Log } from '../../core/base/log';
import type { ScenarioLanguage, ScenarioText } from '../../core/scenario/text';
import { issueRange } from '../scenario/scenarioDiagnostics';
import { localized } from '../text/coreText';

const PATTERN = '**/*.scenario.{yaml,yml}';
const SUFFIX = /\.scenario\.ya?ml$/;
const IGNORED = '**/node_modules/**';

/** The scenario files of the workspace that expect something, as tests with their expectations below them. */
export class TestItems implements vscode.Disposable {
  readonly #controller: vscode.TestController;
  readonly #language: () => Promise<ScenarioLanguage>;
  readonly #log: Log;
  #watcher: vscode.Disposable | undefined;

  constructor(controller: vscode.TestController, language: () => Promise<ScenarioLanguage>, log: Log) {
    this.#controller = controller;
    this.#language = language;
    this.#log = log;
  }

  /** Finds all files, and watches them from then on. */
  async find(): Promise<void> {
    this.#watch();
    const files = await vscode.workspace.findFiles(PATTERN, IGNORED);
    const found = new Set(files.map(String));
    const gone: string[] = [];
    this.#controller.items.forEach(({ id }) => {
      if (!found.has(id)) gone.push(id);
    });
    for (const id of gone) this.#controller.items.delete(id);
    await Promise.all(files.map((uri) => this.update(uri)));
  }

  /** Reads a file again, and shows its current expectations. Never rejects. */
  async update(uri: vscode.Uri): Promise<ScenarioText | undefined> {
    try {
      const text = (await vscode.workspace.openTextDocument(uri)).getText();
      const read = (await this.#language()).read(text);
      this.#show(uri, read, /^expect\s*:/m.test(text));
      return read;
    } catch (thrown) {
      this.#log.debug(`${uri.path}: ${toAppError(thrown).message}`);
      this.#controller.items.delete(uri.toString());
      return undefined;
    }
  }

  dispose(): void {
    this.#watcher?.dispose();
  }

  #show(uri: vscode.Uri, { scenario, issues, expectationLines }: ScenarioText, isTest: boolean): void {
    const id = uri.toString();
    const known = this.#controller.items.get(id);
    const expectations = scenario?.expect ?? [];
    // An invalid test stays a test, with its first mistake.
    if (scenario ? expectations.length === 0 : !isTest) return this.#controller.items.delete(id);
    const item = known ?? this.#controller.createTestItem(id, vscode.workspace.asRelativePath(uri), uri);
    const [issue] = issues;
    item.error = issue && localized(issue.message);
    item.range = issue ? issueRange(issue) : new vscode.Range(0, 0, 0, 0);
    if (scenario) {
      item.label = scenario.name;
      // The narrow view has the name of the test before it, and its duration behind.
      item.description = vscode.workspace.asRelativePath(uri).replace(SUFFIX, '');
      item.children.replace(
        expectations.map(({ name }, i) => {
          const child = this.#controller.createTestItem(`${id}#${name}`, name, uri);
          const line = expectationLines[i] ?? 0;
          child.range = new vscode.Range(line, 0, line, 0);
          child.sortText = String(i).padStart(3, '0');
          return child;
        }),
      );
    }
    if (!known) this.#controller.items.add(item);
  }

  #watch(): void {
    if (this.#watcher) return;
    const watcher = vscode.workspace.createFileSystemWatcher(PATTERN);
    const changed = (uri: vscode.Uri): void => {
      if (!uri.path.includes('/node_modules/')) void this.update(uri);
    };
    watcher.onDidCreate(changed);
    watcher.onDidChange(changed);
    watcher.onDidDelete((uri) => this.#controller.items.delete(uri.toString()));
    this.#watcher = watcher;
  }
}

/** The item of an expectation, by its name. */
export const childOf = (item: vscode.TestItem, name: string): vscode.TestItem | undefined =>
  item.children.get(`${item.id}#${name}`);
