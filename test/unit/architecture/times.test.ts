import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const source = path.join(__dirname, '../../../src');

it('views and panel write times by one writer alone, so that they agree', () => {
  const own = readdirSync(source, { recursive: true, encoding: 'utf8' })
    // cron.ts reads the clock of a zone and writes nothing.
    .filter(
      (file) => file.endsWith('.ts') && !['dayTime.ts', 'cron.ts'].some((one) => file === path.join('core/time', one)),
    )
    .filter((file) =>
      /\.toLocale\w*(Date|Time)?String\(|DateTimeFormat\(/.test(readFileSync(path.join(source, file), 'utf8')),
    );
  expect(own).toEqual([]);
});
