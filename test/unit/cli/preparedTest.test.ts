import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { junitXml } from '../../../src/cli/junit';
import { readTest } from '../../../src/cli/preparedTest';
import { reportLines } from '../../../src/cli/run';
import { errorLine } from '../../../src/cli/words';
import { temporaryFolder } from '../../temporary';

const folder = temporaryFolder('tests');

/** A test with so many metrics that do not exist, from line 6 on. */
const wrong = (many: number): string => `apiVersion: distdiag.io/v1
kind: Scenario
name: wrong
steps: [{ anomaly: cpu_stress, targets: { index: 0 }, duration: 1m }]
expect:
${Array.from({ length: many }, (_, i) => `  - { metric: none${i}, max: 1 }\n`).join('')}`;

async function refused(text: string): Promise<string> {
  const file = path.join(folder, 'wrong test.yaml');
  writeFileSync(file, text);
  return readTest(file).then(
    () => 'read',
    (thrown: unknown) => errorLine(thrown),
  );
}

describe('a test with mistakes', () => {
  it('tells all of them, a line each', async () => {
    const lines = (await refused(wrong(3))).split('\n');
    expect(lines).toEqual(
      [6, 7, 8].map((line, i) => expect.stringContaining(`Line ${line}: Unknown metric "none${i}".`)),
    );
    const report = { file: 'a', name: 'a', outcomes: [], startedAt: 0, seconds: 0, left: [] };
    const told = { ...report, verdict: 'error', reason: 'Line 6: a.\nLine 7: b.' } as const;
    expect([...reportLines(told, { paint: (text: string) => text } as never)]).toEqual([
      '  Line 6: a.',
      '  Line 7: b.',
      'error: a',
    ]);
    expect(junitXml([told])).toContain('<error message="Line 6: a.&#10;Line 7: b."/>');
  });

  it('tells the first of many, and how to see the others', async () => {
    const lines = (await refused(wrong(30))).split('\n');
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe(`20 more. All of them: distdiag check '${path.join(folder, 'wrong test.yaml')}'`);
  });
});
