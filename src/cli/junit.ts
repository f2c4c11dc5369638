import type { AbortTimes } from '../core/resilience/testResult';
import type { Outcome, Verdict } from '../core/resilience/outcome';

/** One file's test as a report has it. */
export interface TestReport {
  file: string;
  /** The scenario's name. */
  name: string;
  /** `error`: it could not be run. */
  verdict: Verdict | 'error';
  reason: string | undefined;
  outcomes: readonly Outcome[];
  /** How soon a guard ended the faults. */
  abort?: AbortTimes;
  startedAt: number;
  /** Seconds. */
  seconds: number;
  /** Experiments that could not be stopped. */
  left: readonly string[];
}

/** A report in the format that JUnit's readers share: a suite for each file, a case for each expectation. */
export function junitXml(reports: readonly TestReport[]): string {
  const cases = reports.flatMap(casesOf);
  const seconds = reports.reduce((sum, one) => sum + Number(one.seconds.toFixed(3)), 0);
  const { skipped: _, ...counts } = countsOf(cases);
  const head = { name: 'distdiag', ...counts, time: seconds.toFixed(3) };
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${written(head)}>\n${reports.map(suite).join('')}</testsuites>\n`;
}

function suite(report: TestReport): string {
  const { file, name, seconds, startedAt } = report;
  const cases = casesOf(report);
  const attributes = {
    name,
    file,
    ...countsOf(cases),
    time: seconds.toFixed(3),
    timestamp: new Date(startedAt).toISOString().slice(0, 19),
  };
  return `  <testsuite${written(attributes)}>\n${cases.map((one) => testcase(report, one)).join('')}  </testsuite>\n`;
}

function countsOf(cases: readonly Case[]): Record<'tests' | 'failures' | 'errors' | 'skipped', string> {
  const count = (kind: Kind): string => String(cases.filter((one) => one.kind === kind).length);
  return {
    tests: String(cases.length),
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
}

type Kind = 'failure' | 'error' | 'skipped' | 'passed';
interface Case {
  name: string;
  kind: Kind;
  message: string;
}

/** The whole scenario is a case besides its expectations where it did not run as planned, so that no reader takes it for a success. Expectations are judged at the same time: none has a time of its own. */
function casesOf({ name, verdict, reason, outcomes, left }: TestReport): Case[] {
  const cases = outcomes.map(({ name: expectation, state, expected, seen }): Case => {
    const kind = state === 'passed' ? 'passed' : state === 'failed' ? 'failure' : 'skipped';
    return { name: expectation, kind, message: `Expected: ${String(expected)}. ${String(seen)}`.trimEnd() };
  });
  const stuck = left.length === 0 ? '' : ` Could not be stopped: ${left.join(', ')}.`;
  if (verdict === 'error' || verdict === 'aborted' || verdict === 'inconclusive' || stuck !== '')
    cases.unshift({
      name,
      kind: verdict === 'aborted' ? 'failure' : 'error',
      message: `${verdict === 'error' ? '' : `${verdict}: `}${reason ?? 'Not every expectation could be judged.'}${stuck}`,
    });
  return cases;
}

function testcase({ file, name: scenario }: TestReport, { name, kind, message }: Case): string {
  const head = `    <testcase${written({ name, classname: scenario, file })}`;
  return kind === 'passed' ? `${head}/>\n` : `${head}>\n      <${kind}${written({ message })}/>\n    </testcase>\n`;
}

const written = (attributes: Readonly<Record<string, string>>): string =>
  Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(value)}"`)
    .join('');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Without the characters that XML 1.0 cannot hold at all; line breaks as references, which attributes keep. */
const escaped = (text: string): string =>
  text
    // eslint-disable-next-line no-control-regex -- those are meant
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"]/g, (one) => ENTITIES[one] ?? one)
    .replace(/[\t\n\r]/g, (one) => `&#${one.charCodeAt(0)};`);
