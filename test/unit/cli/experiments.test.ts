import { expect, it } from 'vitest';
import { listExperiments } from '../../../src/cli/experiments';
import type { CliSession } from '../../../src/cli/session';
import { AppError } from '../../../src/core/base/errors';

const listed = async (code: 'forbidden' | 'notInstalled'): Promise<{ exit: number; lines: string[] }> => {
  const lines: string[] = [];
  const list = {
    experiments: [],
    health: {},
    missingKinds: [{ kind: 'StressChaos', error: new AppError(code, 'No.') }],
  };
  const session = { experiments: { list: () => Promise.resolve(list) } } as unknown as CliSession;
  return { exit: await listExperiments(session, (line) => lines.push(line)), lines };
};

it('exits with 2 where a kind may not be listed, and names it', async () => {
  expect(await listed('forbidden')).toEqual({ exit: 2, lines: ['StressChaos could not be listed: No.'] });
});

it('lists everything where a kind is not installed', async () => {
  expect(await listed('notInstalled')).toEqual({ exit: 0, lines: [] });
});
