import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type * as vscode from 'vscode';
import { msg } from '../../../src/core/base/text';
import { localized } from '../../../src/ui/text/coreText';
import { sentences } from '../../../src/ui/text/errors';
import { OwnCharts } from '../../../src/ui/panel/ownCharts';
import { plainText } from '../../../src/ui/text/plainText';
import { PrometheusChoices } from '../../../src/ui/session/prometheusChoices';
import { PrometheusSecrets, withoutUser } from '../../../src/ui/session/prometheusSecrets';
import { ScenarioMemory } from '../../../src/ui/scenario/scenarioMemory';
import { commandOf } from '../../../src/ui/scripting/uriHandler';
import { fuzz } from '../../fuzz/index';
import { anyText, jsonText, like, longText, textLike } from '../../fuzz/inputs';
import { target } from '../../fuzz/run';
import { silentLog } from '../../support';
import { l10n } from '../editor/vscode';

l10n.bundle = JSON.parse(readFileSync(path.join(__dirname, '../../../l10n/bundle.l10n.zh-cn.json'), 'utf8')) as Record<
  string,
  string
>;

/** A memory that holds one value, whatever is asked for. */
const holding = (value: unknown): never =>
  ({ get: () => value, update: () => Promise.resolve(), store: () => Promise.resolve() }) as never;

/** How the editor finds links in a message (vs/base/common/linkedText.ts). */
const LINK = /\]\((?:https?:\/\/|command:|file:)[^)\s]+/i;

const READERS = [
  target(
    'serverWords',
    textLike(
      '1 of 3 injected. cannot find daemonIP on node w',
      'x is still being deleted after 30 s. Chaos Mesh has not recovered a-1.',
      'a. '.repeat(300),
      'a-1 has no container "observer".',
    ),
    (text) => {
      localized(text);
      localized(msg`${text} is ${text}`);
      sentences(text, text.slice(0, 200));
    },
  ),
  target('notification', textLike('[x](command:workbench.action.quit) ](', '[a][b](https://x "y")'), (text) => {
    if (LINK.test(plainText(text))) throw new Error('a link');
  }),
  target('link', textLike('/metrics?metric=cpu.used', '/experiments', '/__proto__', '/constructor'), (text) => {
    const [way = '', query = ''] = text.split('?');
    commandOf(way, query);
  }),
  target('secretOfStore', jsonText({ token: 't' }, { username: 'u', password: 'p' }), async (text) => {
    await new PrometheusSecrets({ get: () => Promise.resolve(text) } as unknown as vscode.SecretStorage).read(
      'http://h',
    );
  }),
  target('prometheusAddress', anyText, (text) => void withoutUser(text)),
  target('keptCharts', like([{ id: 'own:1', query: 'up', title: 'Up', unit: 'ratio' }]), async (value) => {
    const charts = new OwnCharts(holding(value), () => undefined, silentLog);
    const answer = { timestamps: new Float64Array(), lines: [], left: 0, warnings: [] };
    await charts.save(
      undefined,
      { query: 'up', title: '', unit: undefined },
      { range: () => Promise.resolve(answer) },
      { fromMs: 0, toMs: 1000, stepMs: 1000 },
    );
    await charts.remove('own:1');
  }),
  target('keptChoice', like({ 'c s': { namespace: 'm', service: 'p', port: '9090' } }), (value) => {
    new PrometheusChoices(holding(value)).get('c s');
  }),
  target(
    'keptScenarios',
    like([
      {
        context: 'c',
        mark: {
          run: 'r',
          name: 'n',
          startedAt: Date.now(),
          steps: [{ name: 'a', anomaly: 'cpu_stress', offsetMs: 0, durationMs: 1 }],
        },
      },
    ]),
    (value) => {
      new ScenarioMemory(holding(value), Date.now()).interrupted('c');
    },
  ),
  target(
    'longServerWords',
    fc.oneof(
      longText,
      fc
        .tuple(fc.constantFrom('a. ', '. ', 'is not ', '"" '), fc.integer({ min: 100, max: 1500 }))
        .map(([piece, times]) => piece.repeat(times)),
    ),
    (text) => {
      if (localized(text) !== text) throw new Error('taken for ours');
      localized(msg`Chaos Mesh could not inject the fault: ${text}`);
    },
  ),
];

it.each(READERS.map((one) => [one.name, one] as const))('%s bears any input', async (_, one) => {
  expect((await fuzz([one], 200)).crashes).toEqual([]);
});
