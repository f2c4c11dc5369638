import * as vscode from 'vscode';

/** Shows Markdown rendered, without opening its source; as text if the editor has no preview. */
export async function previewMarkdown(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  } catch {
    await vscode.window.showTextDocument(uri, { preview: true });
  }
}
