import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { DistDiagApi } from '../../src/ui/scripting/api';
import { until } from '../until';

const text = (loss: string, name = 'one', namespace = 'oceanbase'): string => `apiVersion: chaos-mesh.org/v1alpha1
kind: NetworkChaos
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector:
    labelSelectors:
      ref-obcluster: obcluster
  mode: one
  action: loss
  loss:
    loss: ${loss}
  direction: to
  duration: 3m
`;

describe('Chaos Mesh’s YAML in a real VS Code', () => {
  let api: DistDiagApi;

  const open = async (content: string): Promise<vscode.TextDocument> => {
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content });
    await vscode.window.showTextDocument(document);
    return document;
  };
  const lensTitles = async (uri: vscode.Uri): Promise<string[]> => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
    return lenses.flatMap(({ command }) => command?.title ?? []);
  };

  before(async () => {
    const extension = vscode.extensions.getExtension<DistDiagApi>('distdiag.distdiag');
    assert.ok(extension);
    api = await extension.activate();
  });

  after(async () => {
    await api.stopAllAnomalies();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('marks a trap at its place, and its fix mends it', async () => {
    const document = await open(text('"80%"'));
    const [trap] = await until(
      'a diagnostic',
      async () => {
        const found = vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'DistDiag');
        return found.length > 0 ? found : undefined;
      },
      20_000,
    );
    assert.ok(trap);
    assert.equal(document.getText(trap.range), '"80%"');
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      trap.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const fix = actions.find(({ title }) => title === 'Write "80"');
    assert.ok(fix?.edit, actions.map(({ title }) => title).join());
    await vscode.workspace.applyEdit(fix.edit);
    assert.equal(document.getText(), text('"80"'));
    await until(
      'no diagnostic',
      async () => (vscode.languages.getDiagnostics(document.uri).length === 0 ? true : undefined),
      20_000,
    );
  });

  it('completes and explains fields', async () => {
    const document = await open(`${text('"80"')}  `);
    const end = document.positionAt(document.getText().length);
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      end,
    );
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('externalTargets'), labels.slice(0, 20).join());
    assert.ok(!labels.includes('stressors'));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(document.getText().indexOf('direction') + 2),
    );
    assert.match(
      hovers
        .flatMap(({ contents }) => contents)
        .map((one) => (typeof one === 'string' ? one : one.value))
        .join(),
      /egress/,
    );
  });

  it('tells the live state above the object, and stops it from there', async () => {
    const metrics = await api.diagnose();
    const pod = metrics.graph.nodes[0];
    assert.ok(pod);
    const ref = await api.startAnomaly({ type: 'network_delay', pods: [pod], duration: '5m' });
    const document = await open(text('"80"', ref.name, ref.namespace));
    const titles = await until(
      'the state',
      async () => {
        const found = await lensTitles(document.uri);
        return found.some((title) => /1 of 1 injected.*differs from this file/.test(title)) ? found : undefined;
      },
      60_000,
    );
    assert.ok(titles.some((title) => title.endsWith('Apply')) && titles.some((title) => title.endsWith('Dry Run')));
    const live = vscode.Uri.from({ scheme: 'distdiag-yaml', path: `/${ref.namespace}/${ref.kind}/${ref.name}.yaml` });
    const shown = await vscode.workspace.openTextDocument(live);
    await vscode.commands.executeCommand('distdiag.stopYaml', document.uri, 0);
    await until(
      'it is gone',
      async () => ((await lensTitles(document.uri)).some((title) => /Not in/.test(title)) ? true : undefined),
      60_000,
    );
    await until(
      'the document says so',
      async () => (/no longer exists/.test(shown.getText()) ? true : undefined),
      30_000,
    );
    assert.match(shown.getText(), /Last known state[^]*latency: 100ms/);
  });

  it('is none of ours where it is another’s', async () => {
    const document = await open('apiVersion: v1\nkind: Pod\nspec: {containers: 1}\n');
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
    assert.deepEqual(await lensTitles(document.uri), []);
  });
});
