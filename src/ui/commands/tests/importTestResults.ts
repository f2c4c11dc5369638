import * as vscode from 'vscode';
import { AppError, toAppError } from '../../../core/base/errors';
import { inARow, msg } from '../../../core/base/text';
import { clusterKey } from '../../../core/cluster/clusterKey';
import type { TestRun } from '../../../core/resilience/runs/testRun';
import { RUN_LIMIT } from '../../../core/resilience/runs/testRunBook';
import { readResults } from '../../../core/testResults/resultsFile';
import { MOST_BYTES } from '../../history/testRunService';
import { localized } from '../../text/coreText';
import { sentences, withProgress } from '../../text/errors';
import { showInformationMessage, showWarningMessage } from '../../text/notify';
import { withoutIcons } from '../../text/plainText';
import type { Command, CommandContext } from '../context';

/** What the chosen files hold, and what is wrong with them. */
interface Found {
  files: { from: string; runs: TestRun[] }[];
  notRun: number;
  /** `FILE: what is wrong`. */
  problems: string[];
}

/** Takes test runs of the command line into this workspace, from the JSON files that it wrote. */
export const importTestResults: Command = {
  id: 'importTestResults',
  run: async (context) => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const chosen = await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Import Test Results'),
      openLabel: vscode.l10n.t('Import'),
      canSelectMany: true,
      filters: { JSON: ['json'] },
      ...(folder ? { defaultUri: folder } : {}),
    });
    if (!chosen || chosen.length === 0) return;
    const found = await withProgress(vscode.l10n.t('Importing test results'), (signal) => readFiles(chosen, signal));
    const files = await ofClusters(context, found.files);
    if (!files) return;
    await tell(context, await context.testRuns.import(files), found);
  },
};

/** One file that cannot be read loses no other. */
async function readFiles(uris: readonly vscode.Uri[], signal: AbortSignal): Promise<Found> {
  const found: Found = { files: [], notRun: 0, problems: [] };
  for (const uri of uris) {
    signal.throwIfAborted();
    const from = vscode.workspace.asRelativePath(uri);
    try {
      const { runs, notRun, problems } = readResults(await textOf(uri));
      found.files.push({ from, runs });
      found.notRun += notRun;
      found.problems.push(...problems.map((problem) => `${from}: ${localized(problem)}`));
    } catch (thrown) {
      const { text, hint } = toAppError(thrown);
      found.problems.push(`${from}: ${sentences(text, hint)}`);
    }
  }
  return found;
}

async function textOf(uri: vscode.Uri): Promise<string> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size <= MOST_BYTES) return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    throw new AppError('notFound', 'The file cannot be read.');
  }
  throw new AppError('invalid', msg`The file is larger than ${MOST_BYTES / 1e6} MB.`);
}

/**
 * A pipeline may reach the same cluster by another context or address: asks whose runs they are. Undefined where the
 * question is left.
 */
async function ofClusters({ sessions }: CommandContext, files: Found['files']): Promise<Found['files'] | undefined> {
  const session = await sessions.current().catch(() => undefined);
  if (!session) return files;
  const own = clusterKey(session);
  const chosen = new Map<string, Pick<TestRun, 'where' | 'context'>>();
  for (const { where, context } of files.flatMap(({ runs }) => runs)) {
    if (where === own || chosen.has(where)) continue;
    const here = vscode.l10n.t('Runs of the selected cluster');
    const items = [
      {
        label: here,
        detail: withoutIcons(`${session.context} (${session.server})`),
        of: { where: own, context: session.context },
      },
      {
        label: vscode.l10n.t('Runs of another cluster'),
        detail: withoutIcons(vscode.l10n.t('Shown when you select {0}', where)),
        of: { where, context },
      },
    ];
    const title = withoutIcons(vscode.l10n.t('These tests ran on {0}. Import them as', where));
    const answer = await vscode.window.showQuickPick(items, { title });
    if (!answer) return undefined;
    chosen.set(where, answer.of);
  }
  return files.map(({ from, runs }) => ({ from, runs: runs.map((run) => ({ ...run, ...chosen.get(run.where) })) }));
}

async function tell(
  { panel, reports }: CommandContext,
  { added, known, tooOld }: { added: number; known: number; tooOld: number },
  { notRun, problems }: Found,
): Promise<void> {
  const said = [
    added === 1 ? vscode.l10n.t('Imported 1 test run.') : vscode.l10n.t('Imported {0} test runs.', added),
    ...(known > 0 ? [vscode.l10n.t('Already imported: {0}.', known)] : []),
    ...(tooOld > 0 ? [vscode.l10n.t('Older than the newest {0} runs, which are kept: {1}.', RUN_LIMIT, tooOld)] : []),
    ...(notRun > 0 ? [vscode.l10n.t('Tests that could not be run: {0}.', notRun)] : []),
  ];
  const coverage = vscode.l10n.t('Show Coverage');
  const details = vscode.l10n.t('Show Problems');
  const [first] = problems;
  const answer =
    first === undefined
      ? await showInformationMessage(inARow(...said), ...(added > 0 ? [coverage] : []))
      : await showWarningMessage(
          inARow(
            ...said,
            problems.length === 1 ? first : vscode.l10n.t('{0} problems, the first: {1}', problems.length, first),
          ),
          ...(problems.length > 1 ? [details] : []),
          ...(added > 0 ? [coverage] : []),
        );
  if (answer === coverage) panel.show();
  if (answer === details) await reports.show('import-problems.txt', `${problems.join('\n')}\n`);
}
