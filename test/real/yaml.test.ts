import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { corpus } from '../unit/yaml/corpus';
import { generated } from '../unit/yaml/generate';
import { judge, type Answer } from '../unit/yaml/reading';

/** Asks kubectl's own reader what files hold. */
function ask(texts: readonly string[]): Answer[] {
  const input = texts.map((text) => `${JSON.stringify(text)}\n`).join('');
  const { stdout, status } = spawnSync(process.env['DISTDIAG_REAL_YAML'] ?? '', {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  expect(status).toBe(0);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

it("kubectl's answers are those that the unit tests hold", async () => {
  const texts = corpus();
  const lines = ask(texts).map((answer, i) => `${JSON.stringify({ text: texts[i], ...answer })}\n`);
  // `npx vitest -u` writes them anew.
  await expect(lines.join('')).toMatchFileSnapshot(path.join(__dirname, '../unit/yaml/answers.jsonl'));
});

it('files that are nearly YAML are never read as something else', () => {
  const texts = generated(2, 20_000);
  const answers = ask(texts);
  expect(texts.filter((text, i) => judge(text, answers[i] as Answer) === 'other')).toEqual([]);
});
