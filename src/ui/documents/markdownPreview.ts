import * as vscode from 'vscode';

/** Shows Markdown as it is to be read, in no other tab; as text where the editor has no preview. */
export async function previewMarkdown(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  } catch {
    await vscode.window.showTextDocument(uri, { preview: true });
  }
}
