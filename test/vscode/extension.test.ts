import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { DistDiagApi } from '../../src/ui/scripting/api';

const until = async <T>(what: string, ms: number, probe: () => Promise<T | undefined> | T | undefined): Promise<T> => {
  const end = Date.now() + ms;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
};

describe('the extension in a real VS Code', () => {
  let api: DistDiagApi;
  let manifest: {
    contributes: {
      commands: { command: string }[];
      views: { distdiag: { id: string }[] };
      configuration: { properties: Record<string, { default: unknown }> }[];
    };
  };

  before(async () => {
    const extension = vscode.extensions.getExtension<DistDiagApi>('distdiag.distdiag');
    assert.ok(extension, 'the extension is there');
    manifest = extension.packageJSON as typeof manifest;
    api = await extension.activate();
  });

  after(async () => {
    await api.stopAllAnomalies();
  });

  it('activates, and says how long that took', () => {
    // Only told: how busy the machine is decides as much as the extension does.
    console.log(`activation took ${api.activationMs.toFixed(1)} ms`);
    assert.ok(api.activationMs > 0);
  });

  it('registers every command that it contributes', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    for (const { command } of manifest.contributes.commands) assert.ok(registered.has(command), command);
  });

  it('has the documented defaults', () => {
    const settings = vscode.workspace.getConfiguration('distdiag');
    assert.equal(settings.get('target.namespace'), 'oceanbase');
    assert.equal(settings.get('injection.defaultDuration'), '3m');
    assert.deepEqual(settings.get('protectedNamespaces'), ['kube-system', 'kube-public', 'chaos-mesh']);
  });

  it('opens its views and its panel', async () => {
    await vscode.commands.executeCommand('distdiag.experiments.focus');
    await vscode.commands.executeCommand('distdiag.openMetricsPanel');
    await until('the panel is a tab', 10_000, () =>
      vscode.window.tabGroups.all.flatMap((group) => group.tabs).find((tab) => tab.label === 'DistDiag Metrics'),
    );
  });

  it('refuses a type that does not exist and a pod that was not named', async () => {
    await assert.rejects(api.startAnomaly({ type: 'earthquake', pods: ['x'] }), /"type" must be one of/);
    await assert.rejects(api.startAnomaly({ type: 'cpu_stress', pods: [] }), /at least one pod/);
  });

  it('answers metrics and ranks per step', async () => {
    const metrics = await api.getMetrics();
    assert.ok(metrics.length >= 100, `${metrics.length} steps`);
    const last = metrics.at(-1);
    for (const name of ['cpu', 'memory', 'network']) assert.equal(typeof last?.[name], 'number', name);
    const ranks = await api.getAnomalyRanks();
    assert.ok(ranks.some(({ rank }) => rank !== null && rank >= 0 && rank <= 1));
  });

  it('says that nothing is wrong, injects, names node and type first, stops, and is healthy again', async function () {
    this.timeout(420_000);
    const before_ = await until('a healthy diagnosis', 120_000, async () => {
      const diagnosis = await api.diagnose();
      return diagnosis.healthy ? diagnosis : undefined;
    });
    const pod = before_.graph.nodes[1];
    assert.ok(pod);
    const ref = await api.startAnomaly({ type: 'cpu_stress', pods: [pod], duration: '10m' });
    assert.equal(ref.kind, 'StressChaos');
    const uri = vscode.Uri.from({ scheme: 'distdiag-yaml', path: `/${ref.namespace}/${ref.kind}/${ref.name}.yaml` });
    const document = await vscode.workspace.openTextDocument(uri);
    assert.match(document.getText(), /app\.kubernetes\.io\/managed-by: distdiag/);
    await until('the diagnosis names it first', 150_000, async () => {
      const [first] = (await api.diagnose()).ranking;
      return first?.named && first.node === pod && first.type === 'cpu_stress' ? first : undefined;
    });
    assert.deepEqual(await api.stopAllAnomalies(), { stopped: 1, failed: 0 });
    await until('healthy again', 180_000, async () => ((await api.diagnose()).healthy ? true : undefined));
  });

  it('starts the demo cluster by its command, uses it, and lets go of it', async () => {
    await vscode.commands.executeCommand('distdiag.startDemoCluster');
    const own = await until('the demo cluster answers', 60_000, async () => {
      try {
        return (await api.getMetrics()).length >= 100 ? await api.diagnose() : undefined;
      } catch {
        return undefined;
      }
    });
    assert.equal(own.graph.nodes.length, 3);
    assert.equal(own.healthy, true);
    await vscode.commands.executeCommand('distdiag.stopDemoCluster');
    assert.equal((await api.diagnose()).graph.nodes.length, 3);
  });
});
