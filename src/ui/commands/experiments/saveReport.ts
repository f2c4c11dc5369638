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

/** Saves the report of one experiment: as one HTML file, or as Markdown with a folder of pictures. */
export const saveExperimentReport: Command = {
  id: 'saveExperimentReport',
  run: async (context, ...args) => {
    const session = await context.sessions.current();
    const key = await chooseKey(session, args);
    if (key === undefined) return;
    const format = await chooseFormat();
    if (!format) return;
    const title = vscode.l10n.t('Collecting data for the report');
    const coverage = await coverageOn(context, session, session.monitor.state.targets);
    const words = { ...wordsFor(session), tested: { coverage, textOf: localized }, ...testOf(key, session) };
    const report = await withProgress(title, (signal) => session.report(key, words, signal));
    const target = await askWhere(report.name, format, session.clock.now());
    if (!target) return;
    await withProgress(vscode.l10n.t('Writing the report'), () =>
      format === 'html' ? write(target, report.html()) : writeMarkdown(report, target),
    );
    if (format === 'markdown') await previewMarkdown(target);
    else void offerToOpen(target);
  },
};

/** The resilience test of this window that injected an experiment, with what became of it. */
function testOf(key: string, { store, tests }: ClusterSession): Pick<ReportWords, 'testedBy'> {
  const span = store.spans.find((one) => one.key === key);
  const test = span && tests.testOf(span.ref);
  return test ? { testedBy: { test, textOf: localized } } : {};
}

type Format = 'html' | 'markdown';
const ENDINGS = { html: 'html', markdown: 'md' } as const;

async function chooseFormat(): Promise<Format | undefined> {
  const items: (vscode.QuickPickItem & { format: Format })[] = [
    {
      label: 'HTML',
      detail: vscode.l10n.t('One file with its charts, to attach, to print and to open in a browser'),
      format: 'html',
    },
    {
      label: 'Markdown',
      detail: vscode.l10n.t('For a ticket or a repository, with the charts in a folder beside it'),
      format: 'markdown',
    },
  ];
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Select the format of the report') }))
    ?.format;
}

/** The experiment that the command was called on (a row or a key), else one that the user selects. */
async function chooseKey(session: ClusterSession, args: readonly unknown[]): Promise<string | undefined> {
  const [first] = args;
  if (typeof first === 'string') return first;
  if (isPast(first)) return first.entry.experiment.key;
  const [given] = experimentsOf(session, args);
  if (given) return given.key;
  const { verdicts } = session.evaluator.board;
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
  const { source, targets } = session.monitor.state;
  const extension = vscode.extensions.getExtension('distdiag.distdiag');
  const version = (extension?.packageJSON as { version?: string } | undefined)?.version ?? '';
  return {
    say: (text, ...values) =>
      localized(text).replace(/\{(\d)\}/g, (mark, place: string) => String(values[Number(place)] ?? mark)),
    nameOf: anomalyName,
    reasonOf: reasonWords,
    metricName: (metric) => localized(metricDefinition(metric)?.title ?? metric),
    // Without a bundle the texts are English, whatever the editor's language is.
    language: vscode.l10n.bundle ? vscode.env.language : 'en',
    cluster: session.context,
    nodes: targets.map(({ pod }) => pod),
    zoneMinutes: -new Date().getTimezoneOffset(),
    versions: [
      ['DistDiag', version],
      [vscode.env.appName, vscode.version],
      ...(source ? [['Prometheus', `${source.version ?? '?'} (${source.profile})`] as const] : []),
    ],
  };
}

/** The user's choice of location; by default in the workspace. */
async function askWhere(name: string, format: Format, nowMs: number): Promise<vscode.Uri | undefined> {
  const when = new Date(nowMs).toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
  const file = `${name.replace(/[^\w.-]+/g, '-')}-${when}.${ENDINGS[format]}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, file) } : {}),
    filters: format === 'html' ? { HTML: ['html'] } : { Markdown: ['md'] },
    title: vscode.l10n.t('Save experiment report'),
  });
}

/** Writes the report and its folder of pictures. */
async function writeMarkdown(report: GatheredReport, target: vscode.Uri): Promise<void> {
  const base = (target.path.split('/').at(-1) ?? 'report').replace(/\.md$/i, '');
  const folder = `${base}-files`;
  const directory = vscode.Uri.joinPath(target, '..', folder);
  const { text, pictures } = report.markdown(folder);
  if (pictures.length > 0) await vscode.workspace.fs.createDirectory(directory);
  for (const { file, svg } of pictures) await write(vscode.Uri.joinPath(directory, file), svg);
  await write(target, text);
}

const write = async (target: vscode.Uri, text: string): Promise<void> =>
  vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));

/** Offers to open the page in a browser, which can only open files of this machine. */
async function offerToOpen(target: vscode.Uri): Promise<void> {
  const isHere = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  const open = isHere && target.scheme === 'file' ? vscode.l10n.t('Open in Browser') : vscode.l10n.t('Open as Text');
  const saved = vscode.l10n.t('The report was saved as {0}.', target.path.split('/').at(-1) ?? '');
  if ((await showInformationMessage(saved, open)) !== open) return;
  if (isHere && target.scheme === 'file') await vscode.env.openExternal(target);
  else await vscode.window.showTextDocument(target);
}
