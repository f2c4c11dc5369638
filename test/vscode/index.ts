import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** Entry point of the suite inside the extension host: rejects when a test fails; writes the counts where it is asked to. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, color: false });
  for (const file of readdirSync(__dirname)) if (file.endsWith('.test.js')) mocha.addFile(path.join(__dirname, file));
  const lines: string[] = [];
  const counts = await new Promise<{ passed: number; failed: number }>((resolve) => {
    let passed = 0;
    const runner = mocha.run((failed) => resolve({ passed, failed }));
    runner.on('pass', (test) => {
      passed += 1;
      lines.push(`  ok ${test.fullTitle()} (${test.duration ?? 0} ms)`);
    });
    runner.on('fail', (test, error: Error) =>
      lines.push(`  FAILED ${test.fullTitle()}\n${error.stack ?? error.message}`),
    );
  });
  const report = process.env['DISTDIAG_SUITE_REPORT'];
  if (report) writeFileSync(report, JSON.stringify({ ...counts, lines }));
  if (counts.failed > 0) throw new Error(`${counts.failed} tests failed`);
}
