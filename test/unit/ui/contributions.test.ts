import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { GroupItem } from '../../../src/core/experiments/groupItem';
import {
  contextValue,
  PHASE_STYLES,
  nodeName,
  targetPhaseLabel,
  shortTimeLeft,
  timeLeftText,
} from '../../../src/ui/tree/experimentStyle';
import { groupTreeItem } from '../../../src/ui/tree/groupStyle';

const root = path.join(__dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  contributes: {
    commands: { command: string }[];
    menus: Record<string, { command: string; when: string }[]>;
  };
};
interface Setting {
  scope?: string;
  order?: number;
  enum?: string[];
  markdownEnumDescriptions?: string[];
}
const { menus } = manifest.contributes;
const sources = readdirSync(path.join(root, 'src/ui/commands'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
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
      contributes: { configuration: { title: string; order: number; properties: Record<string, Setting> }[] };
    };
    const { supported, restrictedConfigurations } = capabilities.untrustedWorkspaces;
    expect(supported).toBe('limited');
    const settings = Object.assign({}, ...contributes.configuration.map(({ properties }) => properties)) as Record<
      string,
      Setting
    >;
    // What changes alone how something is shown, and what can only protect more: a setting that is new belongs to one side.
    const harmless = /^distdiag\.(metrics\..*|yaml\.validation|protection|protected(Contexts|Namespaces))$/;
    const wanted = Object.keys(settings).filter((key) => !harmless.test(key));
    expect(new Set(restrictedConfigurations)).toEqual(new Set(wanted));
  });

  it('no setting is made for a secret', () => {
    expect(read('package.json')).not.toMatch(/"distdiag\.[\w.]*(token|password|secret)[\w.]*": \{/i);
  });
});

describe('the settings', () => {
  const { contributes } = JSON.parse(read('package.json')) as {
    contributes: { configuration: { title: string; order: number; properties: Record<string, Setting> }[] };
  };
  const words = JSON.parse(read('package.nls.json')) as Record<string, string>;

  it('stand in sections, in an order of their own', () => {
    const titles = contributes.configuration.map(({ title }) => words[title.replaceAll('%', '')]);
    expect(titles).toEqual(['Connection', 'Target', 'Metrics', 'Safety', 'Learning']);
    for (const { properties } of contributes.configuration)
      expect(Object.values(properties).map(({ order }) => order)).toEqual(Object.keys(properties).map((_, i) => i + 1));
  });

  it('of the user hold in a remote window too, but for what belongs to one machine', () => {
    const scopes = contributes.configuration.flatMap(({ properties }) => Object.entries(properties));
    const ofMachine = scopes
      .filter(([, { scope }]) => scope === 'machine-overridable')
      .map(([key]) => key.slice('distdiag.'.length));
    // The editor drops them from the user's settings there: files, an address that only that machine may reach, what it keeps.
    const wanted = [
      'kubeconfig',
      'prometheus.url',
      'prometheus.clientCertificate',
      'prometheus.clientKey',
      'prometheus.certificateAuthority',
      'prometheus.tenant',
      'restApi.port',
      'learning.record',
      'model.path',
    ];
    expect(ofMachine).toEqual(wanted);
  });

  it('that protect are taken from each folder of a workspace', () => {
    const scopes = contributes.configuration.flatMap(({ properties }) => Object.entries(properties));
    const ofFolders = scopes
      .filter(([, { scope }]) => scope === 'resource')
      .map(([key]) => key.slice('distdiag.'.length));
    expect(ofFolders).toEqual(['protection', 'protectedContexts', 'protectedNamespaces']);
    // There is no other scope: those of the window are not taken from folders.
    expect(new Set(scopes.map(([, { scope }]) => scope))).toEqual(
      new Set([undefined, 'machine-overridable', 'resource']),
    );
  });

  it('say what each choice means', () => {
    for (const { properties } of contributes.configuration)
      for (const [key, one] of Object.entries(properties))
        if (one.enum) expect(one.markdownEnumDescriptions, key).toHaveLength(one.enum.length);
  });
});

it('every question has a title', () => {
  const files = readdirSync(path.join(root, 'src/ui'), { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    const text = read(`src/ui/${file}`);
    for (const { index } of text.matchAll(/\.(showQuickPick|showInputBox)\(/g)) {
      const call = text.slice(index, text.indexOf(');', index));
      expect(call, `${file}: ${call}`).toMatch(/\btitle\b/);
    }
  }
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

  it('write it in a few letters where a narrow view would cut it off', () => {
    const times = [undefined, 0, 4000, 50_000, 50_001, 89_000, 91_000, 175_000, 3_569_999, 3_600_000, 5_430_000];
    expect(times.map(shortTimeLeft)).toEqual([
      'until stopped',
      undefined,
      '10s left',
      '50s left',
      '1m left',
      '1m left',
      '2m left',
      '3m left',
      '59m left',
      '1h 0m left',
      '1h 30m left',
    ]);
  });

  it('keep of a long pod name what tells it from the others', () => {
    expect(['obcluster-1-zone1-a17', 'mysql-0', 'my-mysql-0'].map(nodeName)).toEqual([
      'zone1-a17',
      'mysql-0',
      'my-mysql-0',
    ]);
  });

  it('say every phase in words and what can be done in it', () => {
    for (const look of Object.values(PHASE_STYLES)) expect(look.label).not.toBe('');
    expect(contextValue('running', true)).toBe('experiment ours running stoppable pausable');
    expect(contextValue('stuck', false)).toBe('experiment others stuck');
  });

  it('offer to remove what has finished, not to stop it', () => {
    for (const phase of ['finished', 'noTargets'] as const)
      expect(contextValue(phase, true)).toBe(`experiment ours ${phase} removable`);
    const trash = (menus['view/item/context'] ?? []).filter(({ command }) => command === 'distdiag.removeExperiment');
    for (const { when } of trash) {
      const [, pattern = ''] = /viewItem =~ [/](.*)[/]$/.exec(when) ?? [];
      for (const value of [contextValue('finished', true), 'group finished removable'])
        expect(value).toMatch(new RegExp(pattern));
      expect(contextValue('running', true)).not.toMatch(new RegExp(pattern));
    }
    expect(trash).toHaveLength(2);
  });

  it('say that a target has recovered, which Chaos Mesh writes as before the injection', () => {
    const target = { phase: 'Not Injected', recoveredCount: 0, lastFailure: undefined };
    expect(targetPhaseLabel(target)).toBe('Not injected');
    expect(targetPhaseLabel({ ...target, recoveredCount: 1 })).toBe('Recovered');
    // Recovered by a pause, and then not injected again.
    expect(targetPhaseLabel({ ...target, recoveredCount: 1, lastFailure: 'no daemon' })).toBe('Not injected');
  });

  it('call a step by its anomaly after its experiment is gone as before', () => {
    const step = {
      type: 'step',
      key: 'k',
      name: 'cpu_stress',
      what: 'cpu_stress',
      state: 'done',
      members: [],
      ours: true,
    };
    const item = groupTreeItem(step as unknown as GroupItem, 0);
    expect(item.label).toBe('CPU stress');
    expect(item.description).toBe('Finished');
    const named = groupTreeItem({ ...step, name: 'first' } as unknown as GroupItem, 0);
    expect([named.label, named.description]).toEqual(['first', 'Finished · CPU stress']);
  });
});

it('each context key that package.json asks for is one that the editor is told', () => {
  const told = new Set([...read('src/ui/contextKeys.ts').matchAll(/^ {2}(\w+): /gm)].map(([, key]) => key));
  const clauses = [...read('package.json').matchAll(/"(?:when|enablement)": "(.*)"/g)].map(
    ([, clause]) => clause ?? '',
  );
  const asked = new Set(
    clauses.flatMap((clause) => [...clause.matchAll(/(?<!config\.|== )\bdistdiag\.(\w+)/g)].map(([, key]) => key)),
  );
  expect(asked.size).toBeGreaterThan(5);
  expect([...asked].filter((key) => !told.has(key))).toEqual([]);
});

it('no key of package.json is there twice: of two menus of one name the first would be lost', () => {
  expect(() => parse(read('package.json'), { uniqueKeys: true }) as unknown).not.toThrow();
});
