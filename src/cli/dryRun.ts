import { oneLine } from '../core/base/sanitize';
import { planImpact } from '../core/scenario/planImpact';
import { steadyOnCluster } from '../core/resilience/runOnCluster';
import { shortFaultWarning } from '../core/resilience/shortFault';
import { askedPolicyOf } from '../ui/session/policy';
import { consentOption, requireConsent } from './consent';
import { planLines, prepareTest, readTest } from './preparedTest';
import type { FilesRun } from './run';
import { errorLine, inOptions } from './words';

/** What a dry run comes to: `error` where the test could not be run. */
type State = 'steady' | 'not steady' | 'error';

/**
 * Says of each file what its test would hit, by what its expectations would be judged, and whether the database is in its
 * steady state. Injects nothing. Resolves with the exit code: 0 where every test could be run now, else 2.
 */
export async function dryRunFiles(run: FilesRun): Promise<number> {
  const { say, paint } = run.terminal;
  let code = 0;
  for (const file of run.files) {
    const { name, state } = await dryRunFile(run, file);
    say(`${paint(state, state === 'steady' ? 'good' : state === 'error' ? 'bad' : 'doubt')}: ${name}`);
    if (state !== 'steady') code = 2;
  }
  return code;
}

async function dryRunFile(
  { options, session, signal, terminal }: FilesRun,
  file: string,
): Promise<{ name: string; state: State }> {
  const { say, status } = terminal;
  let name = file;
  try {
    const scenario = await readTest(file);
    ({ name } = scenario);
    const prepared = await prepareTest(scenario, session, signal);
    const { plan, size, impact, clusters } = prepared;
    for (const line of planLines(prepared, session)) say(line);
    const { more, warnings } = planImpact(plan, impact);
    for (const text of more) say(`  ${String(text)}`);
    const expectations = scenario.expect ?? [];
    const short = shortFaultWarning(plan, expectations, session.stepMs);
    for (const text of [...warnings, ...(short ? [short] : [])]) say(`  warning: ${oneLine(inOptions(String(text)))}`);
    const given = options['confirm-context'];
    if (given !== undefined) requireConsent(given, clusters, impact.grave.map(String));
    else if (impact.grave.length > 0) say(`  To run it, give ${consentOption(clusters)}.`);
    status(`${name}  checking the steady state …`);
    const test = { plan, expectations, policy: () => askedPolicyOf(session, size) };
    const looked = await steadyOnCluster({ ...session, query: session.config.query }, test, signal);
    status('');
    for (const { name: expectation, expected, seen } of looked.outcomes)
      say(`  ${expectation}: ${[`${String(expected)}.`, String(seen)].join(' ').trimEnd()}`);
    const { unsteady } = looked;
    say(
      `  ${unsteady === undefined ? 'The database is in its steady state. Nothing was injected.' : inOptions(String(unsteady))}`,
    );
    return { name, state: unsteady === undefined ? 'steady' : 'not steady' };
  } catch (thrown) {
    status('');
    for (const line of errorLine(thrown).split('\n')) say(`  ${line}`);
    return { name, state: 'error' };
  }
}
