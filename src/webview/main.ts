import { parseHostMessage, type PanelSnapshot, type ViewMessage } from '../shared/protocol';
import { Charts } from './charts';
import { DiagnosisView } from './diagnosis';
import { h } from './dom';
import { t } from './texts';
import { onThemeChange, readTheme } from './theme';
import { Toolbar } from './toolbar';

declare function acquireVsCodeApi(): {
  postMessage(message: ViewMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** Choices that outlive the page. */
interface SavedView {
  hidden: string[];
  all: boolean;
  tables: boolean;
  windowMs: number | undefined;
}

const api = acquireVsCodeApi();
const saved = (api.getState() ?? {}) as Partial<SavedView>;
const view = {
  hidden: new Set(Array.isArray(saved.hidden) ? saved.hidden : []),
  all: saved.all === true,
  tables: saved.tables === true,
  windowMs: saved.windowMs,
};
let theme = readTheme();
let snapshot: PanelSnapshot | undefined;
let lastSeq = 0;

const charts = new Charts(theme);
const banner = h('div', { class: 'banner', role: 'alert' });
const diagnosis = new DiagnosisView({
  focusMetric: (metric) => showMetric(metric),
  revealExperiment: (key) => api.postMessage({ type: 'revealExperiment', key }),
});
const toolbar = new Toolbar({
  setRange: (windowMs) => {
    view.windowMs = windowMs;
    changed();
    api.postMessage({ type: 'setRange', windowMs });
  },
  setLive: (live) => api.postMessage({ type: 'setLive', live }),
  diagnoseNow: () => api.postMessage({ type: 'diagnoseNow' }),
  stopAll: () => api.postMessage({ type: 'stopAll' }),
  inject: () => api.postMessage({ type: 'inject' }),
  toggleNode: (node) => {
    if (!view.hidden.delete(node)) view.hidden.add(node);
    changed();
  },
  toggleAll: () => {
    view.all = !view.all;
    changed();
  },
  toggleTables: () => {
    view.tables = !view.tables;
    changed();
  },
});
const source = h('footer', { class: 'muted source' });
document
  .getElementById('app')
  ?.append(toolbar.element, banner, h('div', { class: 'content' }, charts.element, diagnosis.element), source);

function changed(): void {
  const { hidden, all, tables, windowMs } = view;
  api.setState({ hidden: [...hidden], all, tables, windowMs } satisfies Partial<SavedView>);
  charts.configure(view);
  if (snapshot) render(snapshot);
}

function showMetric(metric: string): void {
  if (charts.focus(metric)) return;
  view.all = true;
  changed();
  charts.focus(metric);
}

function render(next: PanelSnapshot): void {
  snapshot = next;
  toolbar.update(next, view, theme);
  charts.update(next);
  diagnosis.update(next);
  renderBanner(next);
  const from = next.source
    ? t('{0} · profile {1} · step {2} s', next.source.url, next.source.profile, next.stepMs / 1000)
    : '';
  source.replaceChildren(
    ...[from, ...(next.source?.notes ?? []), ...next.problems]
      .filter((line) => line !== '')
      .map((line) => h('div', {}, line)),
  );
}

function renderBanner({ health, timestamps }: PanelSnapshot): void {
  document.body.classList.toggle('loading', health.state === 'loading' && timestamps.length === 0);
  const problem = health.state === 'failed' || health.state === 'stale' || health.state === 'empty';
  banner.hidden = !problem;
  if (!problem) return banner.replaceChildren();
  const hint = health.state === 'empty' ? undefined : health.hint;
  const key = `${health.state}|${health.message}|${hint ?? ''}`;
  if (banner.dataset['key'] === key && banner.childElementCount > 0) return;
  banner.dataset['key'] = key;
  banner.className = `banner ${health.state}`;
  banner.replaceChildren(
    h('p', {}, h('strong', {}, health.message)),
    ...(hint ? [h('p', {}, hint)] : []),
    h('button', { onclick: () => api.postMessage({ type: 'retry' }) }, t('Retry')),
  );
}

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const message = parseHostMessage(event.data);
  if (!message) return;
  if (message.type === 'focus') return showMetric(message.metric);
  if (message.type === 'init') {
    lastSeq = 0;
    return;
  }
  if (lastSeq !== 0 && message.seq > lastSeq + 1) api.postMessage({ type: 'ready' });
  lastSeq = message.seq;
  // A page that was restored asks for the range that was chosen in it.
  if (!snapshot && view.windowMs !== undefined && view.windowMs !== message.windowMs)
    api.postMessage({ type: 'setRange', windowMs: view.windowMs });
  render(message);
});
onThemeChange(() => {
  theme = readTheme();
  charts.setTheme(theme);
  if (snapshot) render(snapshot);
});
charts.configure(view);
document.body.classList.add('loading');
api.postMessage({ type: 'ready' });
