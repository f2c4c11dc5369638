import type { TestRun } from '../core/resilience/runs/testRun';
import { writeResults } from '../core/testResults/resultsFile';
import { testRunHtml, type ReportedTest } from '../core/report/testRunReport';
import type { CliOptions } from './commandLine/arguments';
import { writeFileText } from './files';
import { junitXml, type TestReport } from './junit';
import { errorLine } from './words';

/** A test with what only the HTML page shows. */
export type WrittenTest = TestReport &
  Pick<ReportedTest, 'faults' | 'expected' | 'frame' | 'ranks' | 'lacks'> & { run?: TestRun };

/** Where tests ran, by kubeconfig context, and by which version of DistDiag. */
interface RunFacts {
  cluster: string;
  version: string;
}

/** How the results are written, by the option that names the file. */
const WRITERS = {
  junit: (tests) => junitXml(tests),
  json: (tests) =>
    writeResults(tests.map(({ faults: _, expected: _e, frame: _f, ranks: _r, lacks: _l, ...rest }) => rest)),
  html: (tests, { cluster, version }) =>
    testRunHtml({
      ...{ tests, cluster, writtenAt: Date.now() },
      versions: [
        ['DistDiag', version],
        ['Node', process.version],
      ],
    }),
} satisfies Partial<Record<keyof CliOptions, (tests: readonly WrittenTest[], about: RunFacts) => string>>;

/**
 * Writes the results into the files that the options name; folders that are missing are made. What cannot be written
 * keeps nothing of the others from it: the lines say which and why.
 */
export function writeReports(tests: readonly WrittenTest[], options: CliOptions, about: RunFacts): string[] {
  const unwritten: string[] = [];
  for (const option of Object.keys(WRITERS) as (keyof typeof WRITERS)[]) {
    const file = options[option];
    if (file === undefined) continue;
    try {
      writeFileText(file, WRITERS[option](tests, about));
    } catch (thrown) {
      unwritten.push(`--${option} ${file} could not be written: ${errorLine(thrown)}`);
    }
  }
  return unwritten;
}
