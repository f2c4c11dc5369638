import { expect, it } from 'vitest';
import { listExperiments } from '../../../src/cli/experiments';
import type { CliSession } from '../../../src/cli/session';
import { AppError } from '../../../src/core/base/errors';
import type { ExperimentSnapshot } from '../../../src/core/experiments/gateway';

async function listed(change: Partial<ExperimentSnapshot>) {
  const snapshot: ExperimentSnapshot = { experiments: [], health: { state: 'live' }, missingKinds: [], ...change };
  const session = { experiments: { list: () => Promise.resolve(snapshot) }, clock: { now: () => 0 } };
  const lines: string[] = [];
  const code = await listExperiments(session as unknown as CliSession, (line) => lines.push(line));
  return { code, lines };
}

it('ends with 2 where not everything could be listed', async () => {
  const missing = (code: 'forbidden' | 'notInstalled') => ({
    missingKinds: [{ kind: 'IOChaos', error: new AppError(code, 'Not allowed.') }],
  });
  expect(await listed({})).toEqual({ code: 0, lines: [] });
  expect(await listed(missing('notInstalled'))).toEqual({ code: 0, lines: [] });
  expect(await listed(missing('forbidden'))).toEqual({ code: 2, lines: ['IOChaos could not be listed: Not allowed.'] });
  expect(await listed({ onlyIn: ['db'] })).toEqual({ code: 2, lines: ['Only these namespaces could be listed: db.'] });
});
