import { AppError } from '../base/errors';
import { msg, type Text } from '../base/text';
import { isRecord } from '../base/unknown';
import type { TestRun } from '../resilience/runs/testRun';
import { readTestRun, writtenRun } from '../resilience/runs/testRunFormat';

/**
 * The version of the file of results. Files without one are those from before runs were part of them; one of a later
 * version is not read. What is added without a new version is passed over by older readers.
 */
const RESULTS_VERSION = 1;

/** What a file of results holds. */
export interface TestResults {
  runs: TestRun[];
  /** Tests that could not be run. */
  notRun: number;
  /** What is wrong with the others, with the place. */
  problems: Text[];
}

/** The file of results: of each test what a person or a script reads, and the run as it is kept. */
export const writeResults = (tests: readonly { readonly run?: TestRun | undefined }[]): string =>
  `${JSON.stringify(
    { version: RESULTS_VERSION, tests: tests.map((test) => ({ ...test, run: test.run && writtenRun(test.run) })) },
    null,
    2,
  )}\n`;

/** Reads a file of results. Throws `invalid`, with the place, where it is none; one wrong test loses no other. */
export function readResults(text: string): TestResults {
  const file = parsed(text);
  if (!isRecord(file) || !Array.isArray(file['tests']))
    throw new AppError('invalid', 'It is not a file of test results: it has no list "tests".', {
      hint: 'Choose a file that distdiag run wrote with --json.',
    });
  const { version } = file;
  if (version === undefined)
    throw new AppError('invalid', 'It is of an older version of DistDiag, which did not write what a test injected.', {
      hint: 'Run the tests again with this version.',
    });
  if (version !== RESULTS_VERSION)
    throw new AppError(
      'invalid',
      msg`"version" is ${JSON.stringify(version)}, but this version reads ${RESULTS_VERSION}.`,
      {
        hint: 'Update DistDiag.',
      },
    );
  const found: TestResults = { runs: [], notRun: 0, problems: [] };
  file['tests'].forEach((test: unknown, i) => {
    const place = `tests[${i}]`;
    if (!isRecord(test)) return void found.problems.push(msg`${place} is not an object.`);
    if (test['run'] === undefined) return void (found.notRun += 1);
    const wrong = (field: string): void => {
      const at = [place, 'run', field].filter((part) => part !== '').join('.');
      found.problems.push(msg`${at} is missing or wrong.`);
    };
    const run = readTestRun(test['run'], wrong);
    if (run) found.runs.push(run);
  });
  return found;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as unknown;
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.message : '';
    const at = said.includes('end of JSON input') ? text.length : /at position (\d+)/.exec(said)?.[1];
    throw new AppError('invalid', at === undefined ? 'It is not JSON.' : notJson(text.slice(0, Number(at))), {
      hint: 'Choose a file that distdiag run wrote with --json.',
    });
  }
}

/** `before`: the text up to where it is wrong. */
function notJson(before: string): Text {
  const lines = before.split('\n');
  return msg`It is not JSON: line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}.`;
}
