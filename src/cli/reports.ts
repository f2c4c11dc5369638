import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CliOptions } from './arguments';
import { junitXml, type TestReport } from './junit';

/** How the results are written, by the option that names the file. */
const WRITERS = {
  junit: junitXml,
  json: (tests) => `${JSON.stringify({ tests }, null, 2)}\n`,
} satisfies Partial<Record<keyof CliOptions, (reports: readonly TestReport[]) => string>>;

/** Writes the results into the files that the options name; folders that are missing are made. */
export function writeReports(reports: readonly TestReport[], options: CliOptions): void {
  for (const option of Object.keys(WRITERS) as (keyof typeof WRITERS)[]) {
    const file = options[option];
    if (file === undefined) continue;
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    writeFileSync(file, WRITERS[option](reports));
  }
}
