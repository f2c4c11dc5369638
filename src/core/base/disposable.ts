/** Something to let go of; the shape of `vscode.Disposable`, without vscode. */
export interface Disposable {
  dispose(): void;
}
