import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { toExperiment } from '../../../src/core/experiments/parse';
import { toEntry } from '../../../src/core/history/entry';
import { exportHistory } from '../../../src/core/history/export';
import { markdownCode, markdownText } from '../../../src/core/base/sanitize';
import { reportClock } from '../../../src/core/report/reportClock';
import { nodeLooks } from '../../../src/core/base/nodeLook';
import { svgChart } from '../../../src/core/report/charts/svgChart';
import { AppError } from '../../../src/core/base/errors';
import { showError, withProgress } from '../../../src/ui/text/errors';
import { eventText } from '../../../src/ui/documents/eventText';
import { toItem } from '../../../src/ui/commands/experiments/pickExperiment';
import { showInformationMessage, showWarningMessage } from '../../../src/ui/text/notify';
import { StatusBar } from '../../../src/ui/session/statusBar';
import { plainTooltip } from '../../../src/ui/tree/tooltip';
import { silentLog } from '../../support';
import { MarkdownString, window } from '../editor/vscode';
import { chaosObject } from '../experiments/experiments';

const EVIL = [
  '<img src=x onerror=alert(1)>',
  '[click](command:workbench.action.quit)',
  '$(zap)',
  '\u001b[31mred',
  'safe\u202Egnp.exe',
  '`x` **bold** | cell ![i](http://h/i)',
].join(' ');
/** How the editor finds links in a message (vs/base/common/linkedText.ts). */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)/i;
// eslint-disable-next-line no-control-regex -- they are what must not be there
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const root = path.join(__dirname, '../../..');
const sources = (room: string): { file: string; text: string }[] =>
  readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file: path.posix.join(room, file), text: readFileSync(path.join(root, room, file), 'utf8') }));
const filesWith = (room: string, pattern: RegExp): string[] =>
  sources(room).flatMap(({ file, text }) => (pattern.test(text) ? [file] : []));

const editor = { shown: [] as string[], bar: { text: '', tooltip: '' } };
const show = (text: string, ...rest: { detail?: string }[]): Promise<undefined> => {
  editor.shown.push(text, ...rest.flatMap((one) => one?.detail ?? []));
  return Promise.resolve(undefined);
};
Object.assign(window, {
  showErrorMessage: show,
  showWarningMessage: show,
  showInformationMessage: show,
  createStatusBarItem: () => Object.assign(editor.bar, { show: () => undefined, hide: () => undefined }),
  withProgress: (options: { title: string }, work: (...args: unknown[]) => unknown) => {
    editor.shown.push(options.title);
    const progress = { report: ({ message }: { message: string }) => editor.shown.push(message) };
    return work(progress, { onCancellationRequested: () => ({ dispose: () => undefined }) });
  },
});
// As the editor does it.
MarkdownString.prototype.appendText = function (text) {
  this.value += text.replace(/[\\`*_{}[\]()#+\-!~]/g, '\\$&').replace(/</g, '&lt;');
  return this;
};

beforeEach(() => void (editor.shown.length = 0));

const experiment = toExperiment({
  ...chaosObject({ records: [{ pod: 'a', appliedAfterMs: 500, failure: EVIL }] }),
  metadata: { ...chaosObject({}).metadata, name: EVIL, annotations: { 'distdiag.io/scenario': EVIL } },
});

describe('words of a cluster are text', () => {
  it('in notifications, dialogs and progress: no link, nothing unseen', async () => {
    await showError(new AppError('invalid', `create x: ${EVIL}`, { hint: EVIL }), silentLog);
    await showWarningMessage(EVIL, { modal: true, detail: EVIL });
    await showInformationMessage(EVIL);
    await withProgress(EVIL, (_, report) => Promise.resolve(report(EVIL)));
    expect(editor.shown).toHaveLength(6);
    for (const text of editor.shown) {
      expect(text).toContain('click');
      expect(text).not.toMatch(LINK);
      expect(text).not.toMatch(UNSEEN);
    }
  });

  it('in the status bar: only our own icon', () => {
    const where = { context: EVIL, server: 's', config: { query: { namespace: 'n' } } } as never;
    const acting = {
      experiments: [toExperiment(chaosObject({ records: [{ pod: 'a', appliedAfterMs: 1 }] }))],
      health: { state: 'live' },
    } as never;
    new StatusBar().show(acting, where, experiment.createdAt + 1000);
    expect(editor.bar.text).toContain('click');
    expect(editor.bar.text.match(/(?<!\\)\$\(/g)).toHaveLength(1);
    expect(editor.bar.text).not.toMatch(UNSEEN);
  });

  it('in lists: no icon, nothing unseen', () => {
    const { label, detail = '' } = toItem(experiment, experiment.createdAt);
    expect(detail).toContain('click');
    expect(`${label} ${detail}`).not.toMatch(/(?<!\\)\$\([\w-]+\)/);
    expect(`${label} ${detail}`).not.toMatch(UNSEEN);
  });

  it('in tooltips', () => {
    const { value } = plainTooltip(EVIL, EVIL) as { value: string };
    expect(value).not.toMatch(LINK);
    expect(value).not.toMatch(/<img|(?<!\\)\*\*/);
    expect(value).not.toMatch(UNSEEN);
  });

  it('in the document of events', () => {
    const text = eventText({
      experiment,
      events: [],
      gone: false,
      problem: EVIL,
      context: EVIL,
      nowMs: experiment.createdAt,
    });
    expect(text).toContain('click');
    expect(text).not.toMatch(UNSEEN);
  });

  it('in Markdown and pictures', () => {
    const written = markdownText(EVIL);
    expect(written).not.toMatch(/(?<!\\)[[\]<`*|]/);
    expect(written).not.toMatch(UNSEEN);
    expect(markdownCode('a`b``c')).toBe('``` a`b``c ```');
    const entry = toEntry(experiment, { where: 'w', context: EVIL, nowMs: experiment.createdAt, removed: false });
    const rows = exportHistory([entry], 'md').split('\n');
    // Bars that are no text: as many in each row as in the first.
    const bars = rows.filter((row) => row !== '').map((row) => row.replace(/\\\\/g, '').match(/(?<!\\)\|/g)?.length);
    expect(new Set(bars).size).toBe(1);
    expect(rows[2]).not.toMatch(/(?<!\\)\]\(|(?<!\\)</);
    const picture = svgChart({
      title: EVIL,
      timestamps: [0, 1],
      lines: [{ name: EVIL, values: [1, 2] }],
      description: EVIL,
      looks: nodeLooks([EVIL]),
      focus: new Set(),
      peersTitle: EVIL,
      spans: [{ title: EVIL, fromMs: 0, toMs: 1 }],
      clock: reportClock(0),
      write: String,
    });
    expect(picture).not.toMatch(/<img|onerror=alert\(1\)>/);
    expect(picture).not.toMatch(UNSEEN);
  });
});

describe('the sources', () => {
  it('of the page write no markup and run no text', () => {
    const markup =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|srcdoc|\beval\(|new Function|setAttribute\(\s*['"]on|javascript:/;
    expect(filesWith('src/webview', markup)).toEqual([]);
  });

  it('of the editor’s side trust no Markdown, and write cluster text with appendText', () => {
    expect(filesWith('src/ui', /isTrusted\s*[:=]\s*true|isTrusted\s*=|supportHtml|supportThemeIcons/)).toEqual([]);
    // The texts of Chaos Mesh's schemas are ours.
    expect(filesWith('src/ui', /new vscode\.MarkdownString\([^)]/)).toEqual(['src/ui/language/assist.ts']);
    const markdown = sources('src/ui').flatMap(({ text }) =>
      [...text.matchAll(/appendMarkdown\(([^)]*)\)/g)].map(([, given]) => given),
    );
    expect(markdown.filter((given) => !/^'[^']*'$/.test(given as string))).toEqual([]);
  });

  it('show messages through the one place that makes them plain', () => {
    expect(filesWith('src/ui', /window\s*\.show(Error|Warning|Information)Message\s*\(/)).toEqual([]);
    expect(filesWith('src', /registerWebviewViewProvider|enableCommandUris|retainContextWhenHidden/)).toEqual([]);
  });
});
