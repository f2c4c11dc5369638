import type { OwnChart } from '../shared/chartMessages';
import { parseHostMessage, type HostMessage, type PanelSnapshot, type ViewMessage } from '../shared/protocol';
import { chartMenu } from './charts/chartMenu';
import { Charts } from './charts/charts';
import { clusterNow, heardTime } from './clusterTime';
import { DiagnosisView } from './diagnosis/diagnosis';
import { h } from './elements/dom';
import { chartsPng } from './toolbar/exports';
import { hasProblem } from './health';
import { toggled } from './nodes/legend';
import { coloursOf } from './nodes/sharedView';
import { OwnChartForm } from './charts/ownChartForm';
import { PastSlider } from './toolbar/pastSlider';
import { ScoreboardView } from './diagnosis/scoreboardView';
import { TestsView } from './tests/testsView';
import { t } from './texts';
import { onThemeChange, readTheme } from './theme';
import { Toolbar } from './toolbar/toolbar';
import { boundStretch, readState, toSaved } from './viewState';

declare function acquireVsCodeApi(): {
  postMessage(message: ViewMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
};

document.title = 'DistDiag'; // the editor takes the page's own away
const api = acquireVsCodeApi();
const view = readState(api.getState());
let theme = readTheme();
let snapshot: PanelSnapshot | undefined;
let metricToShow: string | undefined;
let momentToShow: { metric: string; atMs: number } | undefined;
let ownCharts: readonly OwnChart[] = [];

const charts: Charts = new Charts(theme, {
  zoom: (fromMs, toMs) => showStretch(fromMs, toMs),
  reset: () => backToNow(),
  measured: (pixels) => api.postMessage({ type: 'setPixels', pixels: Math.min(10_000, Math.max(50, pixels)) }),
  toggle: (node, only) => {
    view.hidden = toggled(snapshot?.nodes ?? [], view.hidden, node, only);
    changed();
  },
  pin: (node) => {
    if (!view.pinned.delete(node)) view.pinned.add(node);
    view.pinned = new Set(view.pinned);
    changed();
  },
  reveal: (key) => api.postMessage({ type: 'revealExperiment', key }),
  menu: (id) =>
    chartMenu(charts.card(id), {
      post: (message) => api.postMessage(message),
      own: ownCharts.find((one) => one.id === id),
      edit: (chart) => ownChart.edit(chart),
    }),
});
const banner = h('div', { class: 'banner', role: 'alert' });
const slider = new PastSlider({
  moved: (atMs) => {
    charts.mark(atMs);
    updateToolbar();
  },
  diagnoseAt: (atMs) => api.postMessage({ type: 'diagnoseAt', atMs }),
  live: () => {
    api.postMessage({ type: 'diagnoseLive' });
    charts.mark(undefined);
    diagnosis.setPast(undefined);
    if (snapshot) diagnosis.update(snapshot);
    updateToolbar();
  },
});
const scoreboard = new ScoreboardView(
  {
    saveReport: (key) => api.postMessage({ type: 'saveReport', key }),
    toggled: (open) => {
      if (view.scoreboard === open) return;
      view.scoreboard = open;
      changed();
    },
  },
  view.scoreboard,
);
const tests = new TestsView(
  {
    post: (message) => api.postMessage(message),
    ghosts: (ghosts) => charts.setGhosts(ghosts),
    show: (fromMs, toMs, id) => {
      view.compared = id;
      showStretch(fromMs, toMs);
    },
    toggled: (open) => {
      if (view.coverage === open) return;
      view.coverage = open;
      changed();
    },
  },
  view,
);
const ownChart = new OwnChartForm({
  save: (chart, look) => api.postMessage({ type: 'saveChart', chart, ...look }),
  complete: (id, text) => api.postMessage({ type: 'metricNames', id, text }),
});
const toolbar = new Toolbar({
  setRange: (windowMs) => {
    view.windowMs = windowMs;
    view.stretch = undefined;
    changed();
    api.postMessage({ type: 'setRange', windowMs });
  },
  setStretch: (fromMs, toMs) => showStretch(fromMs, toMs),
  reset: () => backToNow(),
  setLive: (live) => {
    slider.toLive();
    if (view.stretch) backToNow();
    else api.postMessage({ type: 'setLive', live });
  },
  diagnoseNow: () => {
    showNow();
    api.postMessage({ type: 'diagnoseNow' });
  },
  stopAll: () => api.postMessage({ type: 'stopAll' }),
  inject: () => api.postMessage({ type: 'inject' }),
  toggle: (what) => {
    view[what] = !view[what];
    changed();
  },
  addChart: () => ownChart.focus(),
  exportItems: () => [
    {
      label: t('Picture of all charts (PNG)'),
      run: () =>
        void chartsPng(charts.cards, theme.background).then((bytes) =>
          api.postMessage({ type: 'exportImage', name: 'charts', bytes }),
        ),
    },
    { label: t('Data as CSV'), run: () => exportData('csv', undefined) },
    { label: t('Data as JSON'), run: () => exportData('json', undefined) },
  ],
});
const diagnosis = new DiagnosisView(
  {
    focusMetric: (metric, atMs) => showMetric(metric, atMs),
    revealExperiment: (key) => api.postMessage({ type: 'revealExperiment', key }),
    coloursOf: (shown) => coloursOf(shown, theme),
  },
  { slider: slider.element, status: toolbar.status },
);
const source = h('footer', { class: 'muted source' });
const head = h('div', { class: 'head' }, toolbar.element, diagnosis.line.element);
document
  .getElementById('app')
  ?.append(
    head,
    banner,
    h(
      'div',
      { class: 'content' },
      h(
        'div',
        { class: 'main' },
        tests.comparison,
        charts.element,
        ownChart.element,
        scoreboard.element,
        tests.coverage,
      ),
      diagnosis.element,
    ),
    source,
  );
// What sticks below it, and what is scrolled to, has to know how high it is.
new ResizeObserver(() => document.documentElement.style.setProperty('--top-height', `${head.offsetHeight}px`)).observe(
  head,
);

function exportData(format: 'csv' | 'json', chart: string | undefined): void {
  api.postMessage({ type: 'exportData', format, chart });
}

function showStretch(fromMs: number, toMs: number): void {
  view.stretch = boundStretch(fromMs, toMs, clusterNow());
  charts.setDomain(view.stretch.fromMs, view.stretch.toMs);
  changed();
  api.postMessage({ type: 'setStretch', ...view.stretch });
}

function backToNow(): void {
  if (!view.stretch) {
    if (snapshot) charts.update(snapshot);
    return;
  }
  view.stretch = undefined;
  changed();
  api.postMessage({ type: 'setLive', live: true });
}

/** The newest diagnosis over the newest data, whatever was looked at before. */
function showNow(): void {
  slider.toLive();
  view.stretch = undefined;
  changed();
}

function changed(): void {
  api.setState(toSaved(view));
  charts.configure(view);
  updateToolbar();
}

function updateToolbar(): void {
  if (snapshot) toolbar.update(snapshot, view, slider.atMs !== undefined);
}

/** A stretch that the host wants to be seen; its chart is marked when its data are there. */
function showMoment({ fromMs, toMs, metric, atMs }: Extract<HostMessage, { type: 'stretch' }>): void {
  slider.toLive();
  showStretch(fromMs, toMs);
  momentToShow = metric === undefined || atMs === undefined ? undefined : { metric, atMs };
}

function showMetric(metric: string, atMs?: number): void {
  metricToShow = undefined;
  if (charts.focus(metric, atMs)) return;
  // Before the first picture there is no chart to show.
  if (!snapshot || snapshot.series.length === 0) metricToShow = metric;
  if (view.all) return;
  view.all = true;
  changed();
  charts.focus(metric, atMs);
}

function render(next: PanelSnapshot): void {
  snapshot = next;
  updateToolbar();
  charts.update(next);
  scoreboard.setNodes(next.nodes.length);
  slider.update(next);
  diagnosis.update(next);
  renderBanner(next);
  const from = next.source
    ? t('{0} · profile {1} · step {2} s', next.source.url, next.source.profile, next.stepMs / 1000)
    : '';
  source.replaceChildren(
    ...[from, ...(next.source?.notes ?? []), ...(hasProblem(next.health) ? [] : next.problems)]
      .filter((line) => line !== '')
      .map((line) => h('div', {}, line)),
  );
  if (metricToShow !== undefined && next.series.length > 0) showMetric(metricToShow);
  if (momentToShow && next.fixed && next.series.length > 0) {
    const { metric, atMs } = momentToShow;
    momentToShow = undefined;
    showMetric(metric, atMs);
  }
}

function renderBanner({ health, timestamps }: PanelSnapshot): void {
  document.body.classList.toggle('loading', health.state === 'loading' && timestamps.length === 0);
  banner.hidden = !hasProblem(health);
  if (!hasProblem(health)) return banner.replaceChildren();
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

/** A page that was restored asks for what was chosen in it. */
function restore(message: PanelSnapshot): void {
  if (view.stretch) {
    if (!message.fixed) api.postMessage({ type: 'setStretch', ...view.stretch });
  } else if (view.windowMs !== undefined && view.windowMs !== message.windowMs)
    api.postMessage({ type: 'setRange', windowMs: view.windowMs });
}

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const message = parseHostMessage(event.data);
  if (!message) return;
  switch (message.type) {
    case 'focus':
      return showMetric(message.metric);
    case 'stretch':
      return showMoment(message);
    case 'init':
      return;
    case 'now':
      return showNow();
    case 'ownCharts':
      return charts.setOwn((ownCharts = message.charts));
    case 'chartSaved':
      return ownChart.answer(message.problem);
    case 'truth':
      return scoreboard.update(message.board);
    case 'coverage':
    case 'comparison':
      return tests.heard(message);
    case 'past':
      // An answer for a moment that the slider has left is of no use any more.
      if (message.atMs !== slider.atMs) return;
      diagnosis.setPast(message);
      if (snapshot) diagnosis.update(snapshot);
      return;
    case 'metricNames':
      return ownChart.offer(message.id, message.names);
    case 'snapshot':
      heardTime(message.nowMs);
      if (!snapshot) restore(message);
      return render(message);
  }
});
onThemeChange(() => {
  theme = readTheme();
  charts.setTheme(theme);
  if (snapshot) render(snapshot);
});
charts.configure(view);
document.body.classList.add('loading');
api.postMessage({ type: 'ready' });
