import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../src/cli/arguments';
import { check } from '../../../src/cli/check';
import { temporaryFolder } from '../../temporary';

const SCENARIO = `apiVersion: distdiag.io/v1
kind: Scenario
name: a
steps:
  - { anomaly: cpu_stress, targets: { index: 0 } }
`;

const folder = temporaryFolder('check');

async function checked(files: Readonly<Record<string, string>>, named = Object.keys(files)) {
  const lines: string[] = [];
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const { options } = readArguments(['check', 'x']);
  const code = await check(
    named.map((name) => path.join(folder, name)),
    options,
    (line) => lines.push(line.replaceAll(folder + path.sep, '')),
  );
  return { code, lines };
}

describe('check', () => {
  it('sums up what it checked', async () => {
    expect(await checked({ 'a.scenario.yaml': SCENARIO })).toEqual({ code: 0, lines: ['1 file checked, no errors.'] });
    const { code, lines } = await checked({ 'b.scenario.yaml': SCENARIO.replace('cpu_stress', 'none') });
    expect([code, lines.at(-1)]).toEqual([1, '1 file checked, 1 error.']);
  });

  it('names the files that it has no rules for, and fails where there are no others', async () => {
    const other = { 'map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n', 'empty.yaml': '' };
    const not = (file: string) => `${file}: warning: Not checked: this is neither a Chaos Mesh object nor a scenario.`;
    expect(await checked(other)).toEqual({
      code: 2,
      lines: [not('map.yaml'), not('empty.yaml'), '0 files checked, 2 not checked, no errors.'],
    });
    expect(await checked({ ...other, 'a.scenario.yaml': SCENARIO })).toMatchObject({ code: 0 });
  });

  it('refuses a test that expects nothing, as run does', async () => {
    for (const [i, empty] of ['expect: []', 'expect:'].entries())
      expect(await checked({ [`${i}.scenario.yaml`]: SCENARIO + empty })).toEqual({
        code: 1,
        lines: [
          `${i}.scenario.yaml:6:1: error: "expect" is empty. Add an expectation, or remove the field.`,
          '1 file checked, 1 error.',
        ],
      });
  });

  it('knows a scenario by its content', async () => {
    expect((await checked({ 'plain.yaml': SCENARIO.replace('kind: Scenario', 'kind: Scene') })).lines).toEqual([
      'plain.yaml:2:7: error: kind must be "Scenario".',
      '1 file checked, 1 error.',
    ]);
  });

  it('says in plain words why a file cannot be read', async () => {
    expect(await checked({}, ['none.yaml', '*.none', '.'])).toEqual({
      code: 2,
      lines: [
        'none.yaml: error: The file does not exist.',
        '*.none: error: No file matches this pattern.',
        `${folder}: error: This is a folder. Name its files.`,
        '0 files checked, 3 not checked, no errors.',
      ],
    });
  });
});
