import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(__dirname, '../../..');

it('what docs/security.md says is guarded names a test that is there, row by row', () => {
  const rows =
    readFileSync(path.join(root, 'docs/security.md'), 'utf8').match(/^\| (?!---|what is guarded).*$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) {
    const files = [...(row.split(' | ').at(-1) ?? '').matchAll(/`((?:test|scripts)\/[^`]*)`/g)].map(
      ([, file]) => file ?? '',
    );
    expect(files.length, row).toBeGreaterThan(0);
    for (const file of files) expect(existsSync(path.join(root, file)), file).toBe(true);
  }
});
