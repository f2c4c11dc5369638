import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Diagnosis } from '../../src/core/diagnosis/types';
import type { DistDiagApi } from '../../types/index';

const WANTED = [
  'LICENSE.txt',
  'THIRD_PARTY_NOTICES.txt',
  'changelog.md',
  'dist',
  'dist/cli/distdiag.js',
  'dist/distdiag.mjs',
  'docs',
  'l10n',
  'media',
  'models',
  'types',
];
/** What belongs into it all the same: the types of the API, and what starts the MCP server. */
const EXCEPT: ReadonlySet<string> = new Set(['types/index.d.ts', 'dist/cli', 'dist/cli/distdiag.js']);
const UNWANTED =
  /\.map$|\.ts$|(^|\/)(src|test|scripts|node_modules|out|cli)(\/|$)|^\.(?!vsixmanifest)|tsconfig|esbuild/;

describe('the package, installed', () => {
  let extension: vscode.Extension<DistDiagApi>;

  before(() => {
    const found = vscode.extensions.getExtension<DistDiagApi>('distdiag.distdiag');
    assert.ok(found, 'the extension is there');
    extension = found;
  });

  after(async () => {
    await extension.exports.stopAllAnomalies();
  });

  it('lies where extensions are installed, with all that it needs and nothing else', () => {
    const folder = process.env['DISTDIAG_EXTENSIONS'];
    assert.ok(folder && extension.extensionPath.startsWith(folder), extension.extensionPath);
    const files = readdirSync(extension.extensionPath, { recursive: true, encoding: 'utf8' }).map((file) =>
      file.replaceAll(path.sep, '/'),
    );
    const names = new Set(files.map((file) => file.toLowerCase()));
    for (const file of WANTED) assert.ok(names.has(file.toLowerCase()), `${file} is missing`);
    assert.deepEqual(
      files.filter((file) => UNWANTED.test(file) && !EXCEPT.has(file)),
      [],
    );
  });

  it('activates, and registers every command that it contributes', async () => {
    const api = await extension.activate();
    assert.equal(api.version, 1);
    const { contributes } = extension.packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = new Set(await vscode.commands.getCommands(true));
    for (const { command } of contributes.commands) assert.ok(registered.has(command), command);
  });

  it('diagnoses without the native library', async () => {
    const resolve = createRequire(path.join(extension.extensionPath, 'dist', 'scorer.js')).resolve;
    assert.throws(() => resolve('@tensorflow/tfjs-node'), /Cannot find module/);
    const { insufficient, info } = (await extension.exports.diagnose()) as unknown as Diagnosis;
    assert.equal(insufficient, undefined);
    assert.ok(['wasm', 'cpu'].includes(info.answeredBy), `${info.answeredBy}: ${info.reason}`);
  });

  it('opens its panel', async () => {
    const opened = new Promise<void>((resolve) => {
      const listening = vscode.window.tabGroups.onDidChangeTabs(({ opened: tabs }) => {
        if (!tabs.some(({ label }) => label === 'DistDiag Metrics')) return;
        listening.dispose();
        resolve();
      });
    });
    await vscode.commands.executeCommand('distdiag.openMetricsPanel');
    await opened;
  });
});
