import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { contextValue, PHASE_LOOKS, shortPod, timeLeftText } from '../../../src/ui/tree/experimentLook';

vi.mock('vscode', () => ({
  l10n: {
    t: (text: string, ...args: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)])),
  },
}));

const root = path.join(__dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as { contributes: { commands: { command: string }[] } };
const sources = readdirSync(path.join(root, 'src/ui/commands'))
  .map((file) => read(`src/ui/commands/${file}`))
  .join('\n');

describe('what package.json contributes', () => {
  it('has code for every command, and every command of the code', () => {
    const inCode = [...sources.matchAll(/(?:id: |injectType\(|setPaused\()'(\w+)'/g)].map(([, id]) => `distdiag.${id}`);
    expect(new Set(inCode)).toEqual(new Set(manifest.contributes.commands.map(({ command }) => command)));
  });

  it('has every text in both languages', () => {
    const used = new Set([...read('package.json').matchAll(/%([\w.]+)%/g)].map(([, key]) => key));
    for (const file of ['package.nls.json', 'package.nls.zh-cn.json']) {
      expect(new Set(Object.keys(JSON.parse(read(file)) as object)), file).toEqual(used);
    }
  });
});

it('the lock file names no host to download from', () => {
  expect(read('package-lock.json')).not.toMatch(/"resolved"|https?:\/\/registry/);
});

describe('a folder that is not trusted', () => {
  it('may say neither where secrets go nor which files are read', () => {
    const { capabilities, contributes } = JSON.parse(read('package.json')) as {
      capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
      contributes: { configuration: { properties: Record<string, { scope?: string }> } };
    };
    const { supported, restrictedConfigurations } = capabilities.untrustedWorkspaces;
    expect(supported).toBe('limited');
    const settings = contributes.configuration.properties;
    // What changes alone how something is shown: a setting that is new belongs to one side.
    const harmless = /^distdiag\.(metrics\..*|yaml\.validation)$/;
    const wanted = Object.keys(settings).filter((key) => !harmless.test(key));
    expect(new Set(restrictedConfigurations)).toEqual(new Set(wanted));
    expect(wanted).toContain('distdiag.protectedContexts');
    expect(wanted).toContain('distdiag.protection');
    for (const key of wanted) expect(settings[key]?.scope, key).toBe('machine-overridable');
  });

  it('no setting is made for a secret', () => {
    expect(read('package.json')).not.toMatch(/"distdiag\.[\w.]*(token|password|secret)[\w.]*": \{/i);
  });
});

describe('rows of the tree', () => {
  it('write the time left coarsely', () => {
    expect([undefined, 0, 4000, 59_000, 61_000, 180_000, 3_600_000, 5_430_000].map(timeLeftText)).toEqual([
      'until stopped',
      undefined,
      '10s left',
      '1m left',
      '1m 10s left',
      '3m left',
      '1h 0m left',
      '1h 30m left',
    ]);
  });

  it('keep of a long pod name what tells it from the others', () => {
    expect(['obcluster-1-zone1-a17', 'mysql-0', 'my-mysql-0'].map(shortPod)).toEqual([
      '…zone1-a17',
      'mysql-0',
      'my-mysql-0',
    ]);
  });

  it('say every phase in words and what can be done in it', () => {
    for (const look of Object.values(PHASE_LOOKS)) expect(look.label).not.toBe('');
    expect(contextValue('running', true)).toBe('experiment ours running stoppable pausable');
    expect(contextValue('stuck', false)).toBe('experiment others stuck');
  });
});
