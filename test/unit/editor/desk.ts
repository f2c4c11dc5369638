interface DocumentProvider {
  provideTextDocumentContent(uri: { path: string }): string;
}

/** What a user answers, in order, and everything that was shown to them. */
class Desk {
  /** Labels to pick, texts to type, buttons to press; undefined leaves the question. */
  readonly answers: (string | undefined)[] = [];
  readonly shown: { what: string; text: string }[] = [];
  readonly commands: unknown[][] = [];
  readonly documents = new Map<string, string>();
  readonly settings = new Map<string, unknown>();
  /** Has the texts of the documents that are opened. */
  provider: DocumentProvider = { provideTextDocumentContent: () => '' };
  clipboard = '';

  show(what: string, ...parts: unknown[]): void {
    this.shown.push({ what, text: parts.filter((one) => typeof one === 'string').join('\n') });
  }

  texts(what?: string): string[] {
    return this.shown.filter((one) => what === undefined || one.what === what).map(({ text }) => text);
  }

  open(uri: { path: string }): void {
    this.documents.set(uri.path, this.provider.provideTextDocumentContent(uri));
  }

  clear(): void {
    this.answers.length = this.shown.length = this.commands.length = 0;
    this.documents.clear();
    this.settings.clear();
    this.clipboard = '';
  }
}

/** The user of the window that a test file has. */
export const desk = new Desk();
