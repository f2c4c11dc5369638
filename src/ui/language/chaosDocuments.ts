import * as vscode from 'vscode';
import type { KindSchemas } from '../../core/chaosYaml/findings';
import { formatDuration } from '../../core/time/duration';
import { toAppError } from '../../core/base/errors';
import type { Log } from '../../core/base/log';
import {
  mentionsChaos,
  type ChaosLanguage,
  type CheckedText,
  type RuleContext,
  type WrittenObject,
} from '../../core/chaosYaml/language';
import type { Config } from '../session/config';
import { REPORT_SCHEME } from '../documents/reportDocuments';
import { YAML_SCHEME } from '../documents/yamlDocuments';
import { setContext } from '../contextKeys';

const WAIT_MS = 300;
/** Slower checks do not run at every keystroke. */
const SLOW_MS = 50;
/** Files recognised by name, even while empty. */
export const isChaosName = (path: string): boolean => /\.chaos\.ya?ml$/i.test(path);
/** Where ob-operator mounts the data of a server. */
const DATA_MOUNT = '/home/admin/data-file';

/** Values for missing fields: the target of the settings, and the cluster's schemas. */
export function ruleContext({ query, defaultDurationMs }: Config, schemas?: KindSchemas): RuleContext {
  return {
    namespace: query.namespace,
    labelSelector: query.labelSelector,
    container: query.container,
    volumePath: DATA_MOUNT,
    duration: formatDuration(defaultDurationMs),
    schemas,
  };
}

const NOTHING: CheckedText = { objects: [], findings: [] };

/** The open documents with Chaos Mesh objects. Each is checked a moment after its last change, and only once. */
export class ChaosDocuments implements vscode.Disposable {
  readonly #load: () => Promise<ChaosLanguage>;
  readonly #context: () => RuleContext;
  readonly #log: Log;
  readonly #checked = new WeakMap<vscode.TextDocument, { version: number; result: CheckedText }>();
  readonly #timers = new Map<vscode.TextDocument, NodeJS.Timeout>();
  readonly #didCheck = new vscode.EventEmitter<vscode.TextDocument>();
  /** A document was checked, or no longer contains Chaos Mesh objects. */
  readonly onDidCheck = this.#didCheck.event;
  readonly #didClose = new vscode.EventEmitter<vscode.TextDocument>();
  readonly onDidClose = this.#didClose.event;
  readonly #disposables: vscode.Disposable[];
  /** Loaded with the first document with Chaos Mesh objects. */
  #language: ChaosLanguage | undefined;
  #tookMs = 0;
  /** A failure to load is reported once, until loading succeeds. */
  #saidWhy = false;

  constructor(load: () => Promise<ChaosLanguage>, context: () => RuleContext, log: Log) {
    this.#load = load;
    this.#context = context;
    this.#log = log;
    this.#disposables = [
      this.#didCheck,
      this.#didClose,
      vscode.workspace.onDidOpenTextDocument((document) => this.#later(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#later(document, WAIT_MS)),
      vscode.workspace.onDidCloseTextDocument((document) => {
        clearTimeout(this.#timers.get(document));
        this.#timers.delete(document);
        this.#didClose.fire(document);
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.#tellContext()),
    ];
    for (const document of vscode.workspace.textDocuments) this.#later(document, 0);
    this.#tellContext();
  }

  /** True for YAML that contains a Chaos Mesh object, or will according to its name. */
  holds(document: vscode.TextDocument): boolean {
    if ([YAML_SCHEME, REPORT_SCHEME, 'output', 'git'].includes(document.uri.scheme)) return false;
    if (isChaosName(document.uri.path)) return true;
    return document.languageId === 'yaml' && mentionsChaos(document.getText());
  }

  /** The objects and findings of a document; for a slow one that is being edited, those of a moment ago. */
  check(document: vscode.TextDocument): CheckedText {
    const known = this.#checked.get(document);
    if (known && this.#tookMs > SLOW_MS && this.#timers.has(document)) return known.result;
    return this.#language ? this.#checkBy(this.#language, document) : NOTHING; // `onDidCheck` fires when it is loaded
  }

  /** The current objects and findings of a document. */
  async checkNow(document: vscode.TextDocument): Promise<CheckedText> {
    return this.#checkBy(await this.language(), document);
  }

  /** The Chaos Mesh objects of a document. */
  objects(document: vscode.TextDocument): readonly WrittenObject[] {
    return this.holds(document) ? this.check(document).objects : [];
  }

  async language(): Promise<ChaosLanguage> {
    return (this.#language ??= await this.#load());
  }

  get context(): RuleContext {
    return this.#context();
  }

  /** Checks everything again after a setting has changed. */
  recheck(): void {
    for (const document of vscode.workspace.textDocuments) {
      this.#checked.delete(document);
      this.#later(document, 0);
    }
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  #checkBy(language: ChaosLanguage, document: vscode.TextDocument): CheckedText {
    const known = this.#checked.get(document);
    if (known?.version === document.version) return known.result;
    const started = performance.now();
    const result = language.check(document.getText(), this.#context());
    this.#tookMs = performance.now() - started;
    this.#checked.set(document, { version: document.version, result });
    return result;
  }

  #later(document: vscode.TextDocument, ms: number): void {
    if (document.languageId !== 'yaml' && !isChaosName(document.uri.path)) return;
    clearTimeout(this.#timers.get(document));
    // A slow file is checked less often while it is edited.
    const timer = setTimeout(() => void this.#now(document), ms === 0 ? 0 : Math.max(ms, 3 * this.#tookMs));
    this.#timers.set(document, timer);
  }

  async #now(document: vscode.TextDocument): Promise<void> {
    this.#timers.delete(document);
    if (this.holds(document)) await this.#loaded();
    if (document.isClosed) return;
    if (this.holds(document)) this.check(document);
    this.#didCheck.fire(document);
    this.#tellContext();
  }

  /** Loads the rules. If that fails, documents stay unchecked, and commands report the reason. */
  async #loaded(): Promise<void> {
    try {
      await this.language();
      this.#saidWhy = false;
    } catch (thrown) {
      if (!this.#saidWhy) this.#log.error(`Chaos Mesh YAML is not checked: ${toAppError(thrown).message}`);
      this.#saidWhy = true;
    }
  }

  #tellContext(): void {
    const document = vscode.window.activeTextEditor?.document;
    const holds = document !== undefined && this.holds(document);
    void setContext('chaosDocument', holds);
  }
}
