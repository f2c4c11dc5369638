/** Something to dispose of; the shape of `vscode.Disposable`, without vscode. */
export interface Disposable {
  dispose(): void;
}
