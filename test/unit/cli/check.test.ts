import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../src/cli/commandLine/arguments';
import { check } from '../../../src/cli/check';
import { temporaryFolder } from '../../temporary';

const SCENARIO = `apiVersion: distdiag.io/v1
kind: Scenario
name: a
steps:
  - { anomaly: cpu_stress, targets: { index: 0 } }
`;

const folder = temporaryFolder('check');

async function checked(
  files: Readonly<Record<string, string>>,
  named = Object.keys(files),
  given: readonly string[] = [],
) {
  const lines: string[] = [];
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const { options } = readArguments(['check', 'x', ...given]);
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
        '0 files checked, 3 not checked, 3 errors.',
      ],
    });
  });
});

describe('check --json', () => {
  const TRAP = `# Umlaute: äöü 🦊\r
apiVersion: chaos-mesh.org/v1alpha1\r
kind: NetworkChaos\r
metadata: { name: a, namespace: oceanbase }\r
spec:\r
  action: delay\r
  mode: onee\r
  selector: { labelSelectors: { ref-obcluster: obcluster } }\r
  delay: { latency: 100ms }\r
  duration: 60s\r
`;
  interface Place {
    line: number;
    column: number;
    endLine: number;
    endColumn: number;
  }
  interface Found extends Partial<Place> {
    file: string;
    severity: string;
    code?: string;
    message: string;
    fixes?: (Place & { title: string; text: string })[];
  }
  interface Checked {
    version: number;
    checked: number;
    notChecked: number;
    findings: Found[];
  }
  const read = (lines: readonly string[]): Checked => JSON.parse(lines.join('\n'));

  /** The text with a fix of the first finding, as an editor's plug-in would make it. */
  function mended(text: string, { findings }: Checked): string {
    const [fix] = findings[0]?.fixes ?? [];
    if (!fix) throw new Error('there is no fix');
    const lines = text.split('\n');
    const at = (line: number, column: number): number =>
      lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
    return text.slice(0, at(fix.line, fix.column)) + fix.text + text.slice(at(fix.endLine, fix.endColumn));
  }

  it('prints one document and nothing else, with the same exit code', async () => {
    const files = { 'a.scenario.yaml': SCENARIO.replace('cpu_stress', 'cpu_stres'), 'map.yaml': 'kind: ConfigMap\n' };
    const { code, lines } = await checked(files, [...Object.keys(files), 'none.json'], ['--json']);
    expect(code).toBe(2);
    const where = { line: 5, column: 16, endLine: 5, endColumn: 25 };
    expect(read(lines)).toEqual({
      version: 1,
      checked: 1,
      notChecked: 2,
      findings: [
        {
          file: 'a.scenario.yaml',
          ...where,
          severity: 'error',
          message: 'Unknown anomaly "cpu_stres". Did you mean cpu_stress?',
          fixes: [{ title: 'Change it to "cpu_stress"', ...where, text: 'cpu_stress' }],
        },
        {
          file: 'map.yaml',
          severity: 'warning',
          code: 'notChecked',
          message: 'Not checked: this is neither a Chaos Mesh object nor a scenario.',
        },
        {
          file: 'none.json',
          severity: 'error',
          code: 'unreadable',
          message: 'The file does not exist. To write the findings to it, give --json=none.json.',
        },
      ],
    });
    expect(await checked({ 'good.scenario.yaml': SCENARIO }, undefined, ['--json'])).toMatchObject({ code: 0 });
  });

  it.each<[string, string]>([
    ['b.scenario.yaml', SCENARIO.replace('cpu_stress', 'cpu_stres')],
    ['trap.yaml', TRAP],
  ])('has fixes of %s that leave nothing to find', async (file, text) => {
    const { code, lines } = await checked({ [file]: text }, undefined, ['--json']);
    expect(code).toBe(1);
    const repaired = mended(text, read(lines));
    expect(read((await checked({ [file]: repaired }, undefined, ['--json'])).lines).findings).toEqual([]);
  });

  it('has the places of the text, and codes of Chaos Mesh objects', async () => {
    const files = { 'trap.yaml': TRAP };
    const { findings } = read((await checked(files, undefined, ['--json'])).lines);
    expect((await checked(files)).lines.slice(0, -1)).toEqual(
      findings.map((one) => `${one.file}:${one.line}:${one.column}: ${one.severity}: ${one.message}`),
    );
    expect(findings).toMatchObject([{ code: 'enum', line: 7, column: 9, endLine: 7, endColumn: 13 }]);
  });

  it('writes the document into a file beside the text, or says why it cannot', async () => {
    const file = path.join(folder, 'made', 'out.json');
    const text = { 'a.scenario.yaml': SCENARIO };
    expect(await checked(text, undefined, [`--json=${file}`])).toEqual({
      code: 0,
      lines: ['1 file checked, no errors.'],
    });
    expect(read([readFileSync(file, 'utf8')])).toEqual({ version: 1, checked: 1, notChecked: 0, findings: [] });
    await expect(checked(text, undefined, [`--json=${folder}`])).rejects.toThrow(
      `--json ${folder} could not be written: `,
    );
  });
});
