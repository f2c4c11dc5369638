import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { DistDiagApi } from '../../types/index';

interface Answer {
  status: number;
  body: unknown;
}

describe('for scripts and agents', () => {
  let api: DistDiagApi;

  before(async () => {
    api = (await vscode.extensions.getExtension<DistDiagApi>('distdiag.distdiag')?.activate()) as DistDiagApi;
  });

  after(async () => {
    await vscode.commands.executeCommand('distdiag.stopRestApi');
    await api.stopAllAnomalies();
  });

  it('the REST API starts by its command, injects, lists and stops, with a token only', async function () {
    this.timeout(180_000);
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    await vscode.workspace.getConfiguration('distdiag').update('restApi.port', port, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand('distdiag.startRestApi');
    await vscode.commands.executeCommand('distdiag.copyRestApiToken');
    const token = await vscode.env.clipboard.readText();
    assert.match(token, /^[\w-]{43}$/);
    const ask = async (method: string, path: string, body?: object, given = token): Promise<Answer> => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { Authorization: `Bearer ${given}`, 'Content-Type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { status: response.status, body: await response.json() };
    };
    assert.equal((await ask('GET', '/api/metrics', undefined, 'guess')).status, 401);
    const metrics = (await ask('GET', '/api/metrics')).body as { timestamp: string; cpu: number }[];
    assert.ok(metrics.length > 0 && typeof metrics.at(-1)?.cpu === 'number');
    const started = await ask('POST', '/api/anomaly/start', { type: 'cpu_stress' });
    assert.equal(started.status, 200, JSON.stringify(started.body));
    const { name, pods } = started.body as { name: string; pods: string[] };
    assert.equal(pods.length, 1);
    const listed = (await ask('GET', '/api/experiments')).body as { name: string; phase: string; pods: string[] }[];
    assert.deepEqual(
      listed.filter((one) => one.name === name).map((one) => [one.phase, one.pods]),
      [['running', pods]],
    );
    assert.deepEqual((await ask('POST', '/api/anomaly/stop')).body, { stopped: 1, failed: 0 });
    assert.ok(Array.isArray((await ask('GET', '/api/anomaly/ranks')).body));
    const most = (await api.diagnose()).graph.nodes;
    const refused = await ask('POST', '/api/anomaly/start', { type: 'cpu_stress', pods: most });
    assert.equal(refused.status, 422);
    assert.match((refused.body as { detail: string }).detail, /more than half/);
    await vscode.commands.executeCommand('distdiag.stopRestApi');
    await assert.rejects(ask('GET', '/api/metrics'));
  });

  it('agents have tools: three that read answer, none is missing', async () => {
    const names = vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith('distdiag_'));
    assert.deepEqual(names.sort(), [
      'distdiag_diagnose',
      'distdiag_inject_anomaly',
      'distdiag_list_experiments',
      'distdiag_metrics',
      'distdiag_stop_experiments',
    ]);
    const call = async (name: string, input: object): Promise<unknown> => {
      const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
      const [part] = content;
      assert.ok(part instanceof vscode.LanguageModelTextPart);
      return JSON.parse(part.value) as unknown;
    };
    assert.ok(Array.isArray(await call('distdiag_list_experiments', {})));
    const { metrics } = (await call('distdiag_metrics', { metric: 'cpu.used' })) as { metrics: { newest: number }[] };
    assert.equal(metrics.length, 3);
    assert.ok(metrics.every(({ newest }) => newest > 0));
    assert.equal(typeof ((await call('distdiag_diagnose', {})) as { healthy: boolean }).healthy, 'boolean');
  });
});
