import * as vscode from 'vscode';
import type { GatheredReport, ReportWords } from '../../../core/report/gatherReport';
import { metricDefinition } from '../../../core/metrics/catalogue';
import { localized } from '../../text/coreText';
import { coverageOn } from '../../history/clusterCoverage';
import { withProgress } from '../../text/errors';
import { previewMarkdown } from '../../documents/markdownPreview';
import { showInformationMessage } from '../../text/notify';
import { withoutIcons } from '../../text/plainText';
import type { ClusterSession } from '../../session/session';
import { times } from '../../text/times';
import type { HistoryRow } from '../../tree/historyTree';
import { anomalyName, reasonWords, spanTitle } from '../../text/labels';
import { experimentsOf, type Command } from '../context';

/** Saves the report of one experiment as Markdown, its pictures in a folder beside it. */
export const saveExperimentReport: Command = {
  id: 'saveExperimentReport',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const key = await chooseKey(session, args);
    if (key === undefined) return;
    const title = vscode.l10n.t('Collecting data for the report');
    const coverage = await coverageOn(context, session, session.monitor.state.targets);
    const words = { ...wordsFor(session), tested: { coverage, textOf: localized } };
    const report = await withProgress(title, (signal) => session.report(key, words, signal));
    const target = await askWhere(report.name, session.clock.now());
    if (!target) return;
    await withProgress(vscode.l10n.t('Writing the report'), () => writeFiles(report, target));
    await previewMarkdown(target);
  },
};

/** The experiment that the command was called on: a row of either view, a key; else one that the user picks. */
async function chooseKey(session: ClusterSession, args: readonly unknown[]): Promise<string | undefined> {
  const [first] = args;
  if (typeof first === 'string') return first;
  if (isPast(first)) return first.entry.experiment.key;
  const [given] = experimentsOf(session, args);
  if (given) return given.key;
  const { verdicts } = session.truth.board;
  if (verdicts.length === 0) {
    void showInformationMessage(
      vscode.l10n.t('Nothing to report yet. None of your experiments has run in this session.'),
    );
    return undefined;
  }
  const items = verdicts.map(({ span }) => ({
    label: withoutIcons(`${spanTitle(span)} · ${span.nodes.join(', ')}`),
    description: times().recent(span.fromMs, session.clock.now()),
    detail: withoutIcons(`${span.ref.namespace}/${span.ref.name}`),
    key: span.key,
  }));
  const placeHolder = vscode.l10n.t('Select an experiment to report');
  return (
    await vscode.window.showQuickPick(items, { title: placeHolder, matchOnDescription: true, matchOnDetail: true })
  )?.key;
}

const isPast = (row: unknown): row is HistoryRow => typeof row === 'object' && row !== null && 'entry' in row;

function wordsFor(session: ClusterSession): ReportWords {
  const { source } = session.monitor.state;
  const extension = vscode.extensions.getExtension('distdiag.distdiag');
  const version = (extension?.packageJSON as { version?: string } | undefined)?.version ?? '';
  return {
    say: (text, ...values) =>
      localized(text).replace(/\{(\d)\}/g, (mark, place: string) => String(values[Number(place)] ?? mark)),
    nameOf: anomalyName,
    reasonOf: reasonWords,
    metricName: (metric) => localized(metricDefinition(metric)?.title ?? metric),
    cluster: session.context,
    zoneMinutes: -new Date().getTimezoneOffset(),
    versions: [
      ['DistDiag', version],
      [vscode.env.appName, vscode.version],
      ...(source ? [['Prometheus', `${source.version ?? '?'} (${source.profile})`] as const] : []),
    ],
  };
}

/** Where the user wants it; proposed beside the workspace's files. */
async function askWhere(name: string, nowMs: number): Promise<vscode.Uri | undefined> {
  const when = new Date(nowMs).toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
  const file = `${name.replace(/[^\w.-]+/g, '-')}-${when}.md`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, file) } : {}),
    filters: { Markdown: ['md'] },
    title: vscode.l10n.t('Save experiment report'),
  });
}

/** The report, and its pictures in a folder beside it. */
async function writeFiles(report: GatheredReport, target: vscode.Uri): Promise<void> {
  const base = (target.path.split('/').at(-1) ?? 'report').replace(/\.md$/i, '');
  const folder = `${base}-files`;
  const directory = vscode.Uri.joinPath(target, '..', folder);
  if (report.charts.length > 0) await vscode.workspace.fs.createDirectory(directory);
  for (const { name, svg } of report.charts)
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(directory, `${name}.svg`), new TextEncoder().encode(svg));
  const text = report.write(report.charts.map(({ name }) => `${folder}/${name}.svg`));
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
}
